import { createHash } from 'node:crypto';
import { lstatSync, mkdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A socket's path must be short, so it lies in the user's runtime directory under a name made from the state directory's. */
export function socketPath(directory: string): string {
  const user = process.getuid?.() ?? 0;
  const folder = join(process.env['XDG_RUNTIME_DIR'] ?? tmpdir(), `sofare-${user}`);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const found = lstatSync(folder);
  if (!found.isDirectory() || found.uid !== user || (found.mode & 0o077) !== 0) {
    throw new Error(`${folder} must be a directory of this user that nobody else can open`);
  }
  const path = join(folder, `${createHash('sha256').update(directory).digest('hex').slice(0, 20)}.sock`);
  rmSync(path, { force: true });
  return path;
}
