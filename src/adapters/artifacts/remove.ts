import { lstat, mkdtemp, readdir, rename, rmdir, unlink } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { Bundle } from '../../model/version.ts';
import { type ArtifactFolders, blobFile, checkoutFolder, storedArtifacts } from './layout.ts';
import { removeTree } from './remove-tree.ts';

/** What was put a moment ago may not be registered yet, and is spared this long. */
const sparedFor = 60 * 60 * 1000;
/** A put or checkout that has not ended after this long was killed. */
const abandonedAfter = 24 * 60 * 60 * 1000;

/**
 * Removes blobs and checkouts that none of the kept bundles needs, and what killed commands left behind. Returns the digests
 * removed.
 */
export async function removeUnkept(kept: readonly Bundle[], folders: ArtifactFolders): Promise<readonly string[]> {
  const artifacts = kept.map(storedArtifacts);
  const needed = new Set(artifacts.flat().map(({ digest }) => blobFile(folders, digest)));
  const open = new Set(artifacts.map((each) => checkoutFolder(folders, each)));
  const trash = await mkdtemp(join(folders.staging, 'remove-'));
  // The file system's own time: its stamps are compared with nothing else.
  const now = (await lstat(trash)).mtimeMs;
  const removed: string[] = [];
  for (const blob of await inside(folders.blobs)) {
    if (!needed.has(blob) && (await removeBlob(blob, trash, now - sparedFor))) removed.push(`sha256:${basename(blob)}`);
  }
  for (const folder of await inside(folders.checkouts)) {
    if (!open.has(folder) && (await changedAt(folder)) < now - sparedFor) await removeTree(folder);
  }
  for (const leftover of await inside(folders.staging)) {
    if ((await changedAt(leftover)) < now - abandonedAfter) await removeLeftover(leftover);
  }
  await rmdir(trash);
  return removed;
}

/** Moved away first and looked at again: a `put` that touched it in between gets it back, one that comes later writes it anew. */
async function removeBlob(blob: string, trash: string, before: number): Promise<boolean> {
  if ((await changedAt(blob)) >= before) return false;
  const moved = join(trash, basename(blob));
  await rename(blob, moved);
  if ((await changedAt(moved)) >= before) {
    await rename(moved, blob);
    return false;
  }
  await unlink(moved);
  return true;
}

async function removeLeftover(path: string): Promise<void> {
  if ((await lstat(path)).isDirectory()) await removeTree(path);
  else await unlink(path);
}

async function changedAt(path: string): Promise<number> {
  return (await lstat(path)).mtimeMs;
}

async function inside(folder: string): Promise<readonly string[]> {
  return (await readdir(folder)).map((name) => join(folder, name));
}
