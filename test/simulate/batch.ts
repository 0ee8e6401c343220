import { fork } from 'node:child_process';
import { join } from 'node:path';
import type { Mode } from './result.ts';
import { merge, type Tally } from './tally.ts';

export interface BatchOptions {
  readonly first: number;
  readonly count: number;
  /** both: three seeds of four in liveness, the fourth in safety. */
  readonly mode: Mode | 'both';
  readonly processes: number;
}

/** Many seeds, each run twice, on so many processors. */
export async function runBatch({ first, count, mode, processes }: BatchOptions): Promise<Tally> {
  return merge(
    await Promise.all(Array.from({ length: processes }, (_, index) => inChild(first + index, count - index, processes, mode))),
  );
}

function inChild(first: number, count: number, step: number, mode: string): Promise<Tally> {
  return new Promise((resolve, reject) => {
    const child = fork(join(import.meta.dirname, 'batch-child.ts'), [first, count, step, mode].map(String), {
      execArgv: ['--disable-warning=ExperimentalWarning'],
    });
    let tally: Tally | null = null;
    child.on('message', (message: { tally?: Tally }) => {
      if (message.tally) tally = message.tally;
    });
    child.once('error', reject);
    child.once('exit', (code, signal) => {
      if (tally) resolve(tally);
      else reject(new Error(`seeds from ${first} ended with ${code ?? signal}`));
    });
  });
}
