import type { ChildProcess } from 'node:child_process';

const shortest = 50;
const longest = 5_000;
const steady = 10_000;

/** Starts the host again whenever it dies, sooner when it had lived long. Ends when the host ends by itself. */
export function keepAlive(start: () => ChildProcess, another: number): void {
  let child: ChildProcess | null = null;
  let pause = shortest;
  const begin = (): void => {
    const began = Date.now();
    child = start();
    child.once('exit', (code) => {
      if (code === 0 || code === another) process.exit(code);
      pause = Date.now() - began > steady ? shortest : Math.min(pause * 2, longest);
      setTimeout(begin, pause);
    });
  };
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.on(signal, () => child?.kill('SIGTERM'));
  begin();
}
