import type { Dirent } from 'node:fs';
import { lstat, readdir } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { requireNoCollision, requireSafePath } from './names.ts';
import { refuse, refuseUnreadable } from './refusal.ts';

/** A file to take in: where it lies, and the relative path it is known by in the bundle. */
export interface FoundFile {
  readonly source: string;
  readonly path: string;
}

/**
 * The regular files under the given paths, by path. A folder gives its content, a file its last name. Anything that is not a plain
 * file or folder is refused, and so is every name that another disk could not hold beside the others.
 */
export async function walkFiles(paths: readonly string[]): Promise<readonly FoundFile[]> {
  const found: FoundFile[] = [];
  for (const given of paths) {
    // Without its last slash: `link/` would be followed.
    const source = resolve(given);
    const entry = await lstat(source).catch((error: unknown) => refuseUnreadable(given, error));
    if (entry.isDirectory()) found.push(...(await walkFolder(source)));
    else found.push(plainFile(entry, source, basename(source)));
  }
  if (found.length === 0)
    refuse(paths.join(' '), 'it holds no file', 'name the files of the version, or a folder that holds them');
  requireNoCollision(found.map(({ path }) => path));
  return found.sort((a, b) => (a.path < b.path ? -1 : 1));
}

async function walkFolder(root: string): Promise<readonly FoundFile[]> {
  const found: FoundFile[] = [];
  const folders = [''];
  for (let folder = folders.pop(); folder !== undefined; folder = folders.pop()) {
    const here = join(root, folder);
    const entries = await readdir(here, { withFileTypes: true, encoding: 'buffer' }).catch((error: unknown) =>
      refuseUnreadable(here, error),
    );
    for (const entry of entries) {
      const name = decoded(entry.name, here);
      const path = folder === '' ? name : `${folder}/${name}`;
      if (entry.isDirectory()) {
        requireSafePath(path);
        folders.push(path);
      } else found.push(plainFile(entry, join(root, path), path));
    }
  }
  return found;
}

function plainFile(
  entry: Pick<Dirent, 'isFile' | 'isSymbolicLink' | 'isSocket' | 'isFIFO'>,
  source: string,
  path: string,
): FoundFile {
  requireSafePath(path);
  if (entry.isFile()) return { source, path };
  if (entry.isSymbolicLink()) return refuse(source, 'it is a symbolic link', 'register what the link points to');
  const kind = entry.isSocket() ? 'a socket' : entry.isFIFO() ? 'a pipe' : 'a device';
  return refuse(source, `it is ${kind}, not a file`, 'leave it out');
}

function decoded(name: Buffer, folder: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(name);
  } catch {
    return refuse(join(folder, name.toString('latin1')), 'its name is not valid UTF-8', 'rename the file and register again');
  }
}
