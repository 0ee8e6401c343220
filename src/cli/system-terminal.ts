import { hostname, userInfo } from 'node:os';
import { createInterface } from 'node:readline/promises';
import type { Terminal } from './terminal.ts';

export function systemTerminal(): Terminal {
  const controller = new AbortController();
  const stop = (signal: NodeJS.Signals): void => {
    if (controller.signal.aborted) process.exit(130);
    controller.abort(signal);
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, stop);
  // A reader that went away (`sofare history | head`) is no error of ours.
  for (const stream of [process.stdout, process.stderr]) {
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EPIPE') throw error;
    });
  }
  return {
    write: (text) => void process.stdout.write(text),
    writeError: (text) => void process.stderr.write(text),
    outputIsTerminal: process.stdout.isTTY === true,
    errorIsTerminal: process.stderr.isTTY === true,
    inputIsTerminal: process.stdin.isTTY === true,
    columns: process.stderr.columns ?? process.stdout.columns ?? 100,
    rows: process.stderr.rows ?? 24,
    environment: process.env,
    directory: process.cwd(),
    actor: actor(),
    user: process.getuid?.() ?? null,
    ask: async (question) => {
      const lines = createInterface({ input: process.stdin, output: process.stderr });
      try {
        return await lines.question(question, { signal: controller.signal });
      } finally {
        lines.close();
      }
    },
    readInput: () => createInterface({ input: process.stdin, crlfDelay: Infinity }),
    interrupted: controller.signal,
  };
}

/** Claimed, not authenticated: who this machine says is at work. */
function actor(): string {
  try {
    return process.env['SOFARE_ACTOR'] ?? `${userInfo().username}@${hostname()}`;
  } catch {
    return `uid ${process.getuid?.() ?? 'unknown'}@${hostname()}`;
  }
}
