import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { openApi } from './api.ts';
import { writeWhole } from './durable-file.ts';
import { Host } from './host.ts';
import { takeLock } from './lock.ts';
import { secureFolder, socketPath } from './socket.ts';
import { superviseOperations } from './supervise-operations.ts';
import { tell } from './tell.ts';

/** How a host ends for good: told to, another one at work in this directory, or one that starting again would not help. Anything else is an accident. */
export const hostEnds = { told: 0, another: 3, unable: 4 } as const;

const accident = 1;

export interface HostOptions {
  /** Absolute path of the host's own part of the state. */
  readonly directory: string;
  /** The command line of sofare, for what a dead process left; null: nobody goes on with that. */
  readonly resumeCommand: readonly string[] | null;
  /** The configuration that the resume command is told, or null. */
  readonly configuration: string | null;
  /** The database that the resume command works on by its environment, as it may be shown; null: a file. */
  readonly rows: string | null;
  readonly outputLimit: number;
  /** When the host before this one was seen to die; null: by nobody. */
  readonly diedAt: number | null;
}

/** Runs the host of a directory in this process, until it is told to stop; then the process ends. */
export async function runHost(options: HostOptions): Promise<void> {
  const { directory, resumeCommand, configuration } = options;
  const { host, lock, socket } = prepare(options);
  await host.start();
  let stopSupervision = (): void => {};
  let stopping = false;
  const stop = async (): Promise<void> => {
    stopSupervision();
    await host.stop();
    rmSync(socket, { force: true });
    lock.release();
    process.exit(hostEnds.told);
  };
  const stopOnce = (): void => {
    if (stopping) return;
    stopping = true;
    void stop();
  };
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.on(signal, stopOnce);
  await openApi(host, socket, stopOnce);
  // Written last: who finds it finds a host that answers. Not again by one that came back, perhaps to a full disk.
  if (writtenSocket(directory) !== socket) writeWhole(join(directory, 'socket'), socket);
  if (resumeCommand)
    stopSupervision = superviseOperations(host, resumeCommand, configuration === null ? [] : ['-c', configuration]);
}

function endWithoutWriting(why: Error): void {
  tell(`${new Date().toISOString()} ${why.message}; the host ends here, and another one is started`);
  process.exit(accident);
}

function writtenSocket(directory: string): string | null {
  try {
    return readFileSync(join(directory, 'socket'), 'utf8');
  } catch {
    return null;
  }
}

/** What can fail in a way that starting again does not mend. */
function prepare({ directory, resumeCommand, rows, outputLimit, diedAt }: HostOptions): {
  readonly host: Host;
  readonly lock: { readonly release: () => void };
  readonly socket: string;
} {
  try {
    mkdirSync(directory, { recursive: true, mode: 0o700 });
    const lock = takeLock(join(directory, 'lock'));
    if (!lock) process.exit(hostEnds.another);
    const user = process.getuid?.() ?? 0;
    const socket = socketPath(directory, { user, runtime: process.env['XDG_RUNTIME_DIR'], temporary: tmpdir() });
    secureFolder(dirname(socket), user);
    const host = new Host({ directory, supervised: resumeCommand !== null, rows, outputLimit, diedAt, lost: endWithoutWriting });
    rmSync(socket, { force: true });
    return { host, lock, socket };
  } catch (error) {
    tell(`the local host of ${directory} cannot start: ${error instanceof Error ? error.message : String(error)}`);
    process.exit(hostEnds.unable);
  }
}
