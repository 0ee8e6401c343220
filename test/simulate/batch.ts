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
  /** Every so many of the seeds are run a second time, which must not differ. */
  readonly twice: number;
}

/** Many seeds, on so many processors. */
export async function runBatch({ first, count, mode, processes, twice }: BatchOptions): Promise<Tally> {
  return merge(
    await Promise.all(
      Array.from({ length: processes }, (_, index) => inChild(first + index, count - index, processes, mode, twice)),
    ),
  );
}

function inChild(first: number, count: number, step: number, mode: string, twice: number): Promise<Tally> {
  return new Promise((resolve, reject) => {
    const child = fork(join(import.meta.dirname, 'batch-child.ts'), [first, count, step, mode, twice].map(String), {
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
