import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Writable } from 'node:stream';

/** A folder that goes when everybody who holds it has ended, however they ended. */
export interface OwnFolder {
  readonly path: string;
  /** Given to a program as an open file, it keeps the folder until that program has ended too. */
  readonly hold: Writable;
  /** Lets go, and waits until the folder is gone. */
  remove(): Promise<void>;
}

/** Makes one, with a process beside it that removes it. That one is told by the end of its input, which nobody can forget to send. */
export function ownFolder(name: string): OwnFolder {
  const path = mkdtempSync(join(tmpdir(), `sofare-${name}-`));
  const guardian = spawn('sh', ['-c', 'cat >/dev/null; rm -rf "$1"', 'sh', path], {
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  const gone = once(guardian, 'exit');
  guardian.unref();
  return {
    path,
    hold: guardian.stdin,
    remove: async () => {
      guardian.ref();
      guardian.stdin.end();
      await gone;
    },
  };
}
