import { spawn } from 'node:child_process';
import type { MetricReading } from '../../model/analysis.ts';
import type { OutsideProvider } from '../../ports/metric-source.ts';
import { readJson } from './web.ts';

const largestOutput = 1_048_576;

/** Runs a command, never through a shell, and takes what it prints. A command that fails, hangs or prints too much has measured nothing. */
export function askCommand(
  { command, jsonPath, timeout }: Extract<OutsideProvider, { kind: 'command' }>,
  signal: AbortSignal,
): Promise<MetricReading> {
  const [program = '', ...words] = command;
  return new Promise((done) => {
    const child = spawn(program, words, { stdio: ['ignore', 'pipe', 'ignore'], detached: true });
    const parts: Buffer[] = [];
    let size = 0;
    const stop = (): void => {
      // Its own group: what it started goes with it.
      if (child.pid !== undefined) endGroup(child.pid);
    };
    const ended = (reading: MetricReading): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', stop);
      done(reading);
    };
    const timer = setTimeout(() => {
      stop();
      ended({ kind: 'failed', why: `the command did not end within ${timeout / 1_000}s` });
    }, timeout);
    signal.addEventListener('abort', stop, { once: true });
    child.stdout.on('data', (part: Buffer) => {
      size += part.length;
      parts.push(part);
      if (size > largestOutput) {
        stop();
        ended({ kind: 'failed', why: 'the command printed more than 1 MiB' });
      }
    });
    child.once('error', (error) =>
      ended({ kind: 'failed', why: `the command cannot be run: ${(error as NodeJS.ErrnoException).code ?? 'unknown'}` }),
    );
    child.once('close', (code, by) =>
      ended(
        code === 0
          ? printed(Buffer.concat(parts).toString('utf8'), jsonPath)
          : { kind: 'failed', why: `the command ended ${by ? `by ${by}` : `with ${code}`}` },
      ),
    );
  });
}

/** A command that prints no JSON has measured nothing: there is nobody else's habit to follow here. */
function printed(text: string, jsonPath: string): MetricReading {
  const reading = readJson(text, jsonPath, []);
  return reading.kind === 'text'
    ? { kind: 'failed', why: text.trim() === '' ? 'the command printed nothing' : 'the command printed no JSON' }
    : reading;
}

function endGroup(pid: number): void {
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // It has ended already.
  }
}
