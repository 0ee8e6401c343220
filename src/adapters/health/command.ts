import { spawn } from 'node:child_process';

/** Runs a command, never through a shell; 0 is healthy. */
export function commandHealth(
  [program = '', ...words]: readonly string[],
  address: string,
  within: number,
  signal: AbortSignal,
): Promise<string | null> {
  return new Promise((done) => {
    const child = spawn(program, words, { stdio: 'ignore', env: { ...process.env, SOFARE_ADDRESS: address }, detached: true });
    const stop = (): void => {
      try {
        if (child.pid !== undefined) process.kill(-child.pid, 'SIGKILL');
      } catch {
        // It has ended already.
      }
    };
    const ended = (why: string | null): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', stop);
      done(why);
    };
    const timer = setTimeout(() => {
      stop();
      ended(`the command did not end within ${within} ms`);
    }, within);
    signal.addEventListener('abort', stop, { once: true });
    child.once('error', (error) => ended(`the command cannot be run: ${(error as NodeJS.ErrnoException).code}`));
    child.once('close', (code, by) => ended(code === 0 ? null : `the command ended ${by ? `by ${by}` : `with ${code}`}`));
  });
}
