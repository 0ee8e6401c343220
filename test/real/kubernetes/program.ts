import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { programFile } from './build/programs.mjs';
import type { OwnFolder } from './own-folder.ts';

/** A running program of a control plane. It dies with the process that started it, and its log is NAME.log in the folder. */
export interface Program {
  readonly name: string;
  readonly pid: number;
  /** Waits for a line of its log, from its start on. Fails with the end of the log where the program ends first. */
  said(line: RegExp): Promise<void>;
  /** Fails, with the end of its log, when it ends. */
  readonly ended: Promise<never>;
  /** Kills it, and waits until it is gone. */
  end(): Promise<void>;
}

/** Starts the program of this name (`build/programs.mjs`) in that folder. */
export function startProgram(name: string, words: readonly string[], folder: OwnFolder): Program {
  const child = spawn('setpriv', ['--pdeathsig', 'KILL', programFile(name), ...words], {
    cwd: folder.path,
    // A session of its own: an interrupt typed at a terminal reaches only the process that ends all of them in order.
    detached: true,
    stdio: ['ignore', 'ignore', 'pipe', folder.hold],
  });
  const exit = once(child, 'exit');
  const lines: string[] = [];
  const awaited = new Set<(line: string) => void>();
  child.stderr!.pipe(createWriteStream(join(folder.path, `${name}.log`)));
  createInterface({ input: child.stderr! }).on('line', (line) => {
    lines.push(line.slice(0, 2_000));
    if (lines.length > 2_000) lines.splice(0, 1_000);
    for (const seen of awaited) seen(line);
  });
  const ended = exit.then(([code, signal]): never => {
    throw new Error(`${name} ended with ${code ?? signal}:\n${lines.slice(-30).join('\n')}`);
  });
  ended.catch(() => {});
  return {
    name,
    pid: child.pid!,
    said: async (pattern) => {
      if (lines.some((line) => pattern.test(line))) return;
      const { promise, resolve } = Promise.withResolvers<void>();
      const look = (line: string): void => (pattern.test(line) ? resolve() : undefined);
      awaited.add(look);
      await Promise.race([promise, ended]).finally(() => awaited.delete(look));
    },
    ended,
    end: async () => {
      if (child.exitCode !== null || child.signalCode !== null) return;
      child.kill('SIGKILL');
      await exit;
    },
  };
}
