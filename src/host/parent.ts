import type { ChildProcess } from 'node:child_process';

const shortest = 50;
const longest = 5_000;
const steady = 10_000;

/** Starts the host again whenever it dies, sooner when it had lived long. Ends as the host does when that ends by itself, with a code that is final. */
export function keepAlive(start: (diedAt: number | null) => ChildProcess, final: readonly number[]): void {
  let child: ChildProcess | null = null;
  let timer: NodeJS.Timeout | null = null;
  let pause = shortest;
  let diedAt: number | null = null;
  const begin = (): void => {
    const began = performance.now();
    timer = null;
    child = start(diedAt);
    child.once('exit', (code) => {
      child = null;
      diedAt = Date.now();
      if (code !== null && final.includes(code)) process.exit(code);
      pause = performance.now() - began > steady ? shortest : Math.min(pause * 2, longest);
      timer = setTimeout(begin, pause);
    });
  };
  const stop = (): void => {
    if (child) return void child.kill('SIGTERM');
    if (timer) clearTimeout(timer);
    process.exit(0);
  };
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.on(signal, stop);
  begin();
}
