import { createHash } from 'node:crypto';
import { lstatSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';

/** What fits into the address of a Unix socket everywhere, with the zero byte at its end. */
const longest = 103;

export interface Place {
  readonly user: number;
  readonly runtime: string | undefined;
  readonly temporary: string;
}

/** A socket's path must be short, so it lies in the user's runtime directory under a name made from the state directory's. */
export function socketPath(directory: string, { user, runtime, temporary }: Place): string {
  const name = join(`sofare-${user}`, `${createHash('sha256').update(directory).digest('hex').slice(0, 20)}.sock`);
  const first = [runtime, temporary]
    .map((folder) => folder && join(folder, name))
    .find((path) => path && Buffer.byteLength(path) <= longest);
  return first ?? join('/tmp', name);
}

/** Makes the folder of the socket, and fails when it is not this user's alone: anybody could put a socket of theirs there. */
export function secureFolder(folder: string, user: number): void {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const found = lstatSync(folder);
  if (!found.isDirectory() || found.uid !== user || (found.mode & 0o077) !== 0) {
    throw new Error(`${folder} must be a directory of this user that nobody else can open`);
  }
}
