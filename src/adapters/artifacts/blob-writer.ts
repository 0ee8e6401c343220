import { lutimes, open, rename, stat } from 'node:fs/promises';
import type { StoredArtifact } from '../../model/version.ts';
import type { Failpoints } from '../../ports/failpoints.ts';
import { hashFile, type Hashed, hashPath, openPlain } from './hashing.ts';
import { type ArtifactFolders, blobFile } from './layout.ts';
import { damaged, errorCode, refuse, refuseUnreadable } from './refusal.ts';
import type { FoundFile } from './walk-files.ts';

/** Copies one file to `staged`, then moves it to where its digest says. Until the move nothing can be seen of it. */
export async function writeBlob(
  { source, path }: FoundFile,
  staged: string,
  folders: ArtifactFolders,
  failpoints: Failpoints,
): Promise<StoredArtifact> {
  const hashed = await copy(source, staged, failpoints);
  const blob = blobFile(folders, hashed.digest);
  failpoints.hit('artifacts.before-place');
  if (!(await isThere(blob, hashed, staged))) await rename(staged, blob);
  failpoints.hit('artifacts.after-place');
  return { kind: 'stored', path, ...hashed };
}

async function copy(source: string, staged: string, failpoints: Failpoints): Promise<Hashed> {
  const from = await open(source, openPlain).catch((error: unknown) => refuseUnreadable(source, error));
  try {
    const before = await from.stat({ bigint: true });
    if (!before.isFile()) refuse(source, 'it is not a plain file any more', 'register it while nothing changes it');
    const to = await open(staged, 'wx', 0o600);
    try {
      failpoints.hit('artifacts.before-write');
      const hashed = await hashFile(from, async (piece) => {
        for (let done = 0; done < piece.length; ) done += (await to.write(piece, done)).bytesWritten;
        failpoints.hit('artifacts.after-write');
      });
      const after = await from.stat({ bigint: true });
      if (after.mtimeNs !== before.mtimeNs || after.size !== before.size) {
        refuse(source, 'it changed while it was read', 'register it when nothing writes to it');
      }
      await to.chmod(0o444);
      await to.sync();
      failpoints.hit('artifacts.after-sync');
      return hashed;
    } finally {
      await to.close();
    }
  } finally {
    await from.close();
  }
}

/**
 * Whether the blob is in the store already, by its bytes and never by its name alone. The touch tells a removal that runs at the
 * same time that somebody counts on it.
 */
async function isThere(blob: string, wanted: Hashed, staged: string): Promise<boolean> {
  const { atime, mtime } = await stat(staged);
  try {
    await lutimes(blob, atime, mtime);
    const present = await hashPath(blob);
    if (present.size !== wanted.size) damaged(blob, `it has ${present.size} bytes, not ${wanted.size}`);
    if (present.digest !== wanted.digest) damaged(blob, `its bytes have the digest ${present.digest}`);
    return true;
  } catch (error) {
    if (errorCode(error) === 'ELOOP') damaged(blob, 'it is a symbolic link');
    if (errorCode(error) === 'ENOENT') return false;
    throw error;
  }
}
