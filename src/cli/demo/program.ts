import { type ChildProcess, spawn } from 'node:child_process';
import type { Terminal } from '../terminal.ts';

/** How one command of the story ended. */
export interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly output: string;
}

/** The demo's hands: the same program as anybody's, in processes of its own, on the run's own configuration. */
export interface Hands {
  /** Runs sofare; its progress is shown, its data is given back. */
  readonly sofare: (
    words: readonly string[],
    options?: { readonly environment?: Readonly<Record<string, string>>; readonly quiet?: boolean },
  ) => Promise<Ended>;
  /** Starts a program that goes on beside the story. */
  readonly beside: (program: string, words: readonly string[]) => ChildProcess;
  /** Ends whatever still runs beside the story, and waits for it. */
  readonly letGo: () => Promise<void>;
}

export function handsFor(terminal: Terminal, configuration: string, signal: AbortSignal): Hands {
  const running = new Set<ChildProcess>();
  const start = (
    words: readonly string[],
    more: Readonly<Record<string, string>>,
    stdio: ('ignore' | 'pipe' | 'inherit')[],
  ): ChildProcess => {
    const child = spawn(process.execPath, [...words], {
      env: { ...terminal.environment, COLUMNS: String(terminal.columns), ...more },
      stdio,
    });
    running.add(child);
    child.once('close', () => running.delete(child));
    return child;
  };
  return {
    sofare: async (words, { environment = {}, quiet = false } = {}) => {
      const child = start([process.argv[1] ?? '', ...words, '-c', configuration], environment, [
        'ignore',
        'pipe',
        quiet ? 'ignore' : 'inherit',
      ]);
      const stop = (): void => void child.kill('SIGTERM');
      signal.addEventListener('abort', stop, { once: true });
      let output = '';
      child.stdout?.setEncoding('utf8').on('data', (part: string) => {
        output += part;
      });
      const ended = await closed(child);
      signal.removeEventListener('abort', stop);
      return { ...ended, output };
    },
    beside: (program, words) => start([program, ...words], {}, ['pipe', 'pipe', 'inherit']),
    letGo: async () => {
      const still = [...running];
      for (const child of still) child.kill('SIGTERM');
      await Promise.all(still.map(closed));
    },
  };
}

export function closed(child: ChildProcess): Promise<{ readonly code: number | null; readonly signal: NodeJS.Signals | null }> {
  if (child.exitCode !== null || child.signalCode !== null)
    return Promise.resolve({ code: child.exitCode, signal: child.signalCode });
  return new Promise((resolve) => {
    child.once('close', (code, signal) => resolve({ code, signal }));
  });
}
