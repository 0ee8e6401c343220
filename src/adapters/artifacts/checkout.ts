import { chmod, constants, copyFile, lstat, mkdir, mkdtemp, readdir, rename } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fail } from '../../model/errors.ts';
import type { StoredArtifact } from '../../model/version.ts';
import { hashPath } from './hashing.ts';
import { type ArtifactFolders, blobFile, checkoutFolder } from './layout.ts';
import { requireNoCollision, requireSafePath } from './names.ts';
import { damaged, errorCode } from './refusal.ts';
import { removeTree } from './remove-tree.ts';

/**
 * A read-only folder with the files under their original names. The files are copies (clones where the file system can), not
 * links: whoever may change modes could write through a link into the store. One that was changed is made anew from the blobs.
 */
export async function checkout(artifacts: readonly StoredArtifact[], folders: ArtifactFolders): Promise<string> {
  for (const { path } of artifacts) requireSafePath(path);
  requireNoCollision(artifacts.map(({ path }) => path));
  const target = checkoutFolder(folders, artifacts);
  if (await isWhole(target, artifacts)) return target;
  const staged = await mkdtemp(join(folders.staging, 'checkout-'));
  try {
    for (const artifact of artifacts) await copyOut(artifact, staged, folders);
    for (const folder of foldersOf(artifacts)) await chmod(join(staged, folder), 0o555);
    while (!(await moved(staged, target))) {
      // Another process was quicker, with the very same files.
      if (await isWhole(target, artifacts)) {
        await removeTree(staged);
        break;
      }
      await setAside(target, artifacts, folders);
    }
    return target;
  } catch (error) {
    await removeTree(staged);
    throw error;
  }
}

/** False when something is there already. */
async function moved(staged: string, target: string): Promise<boolean> {
  try {
    await rename(staged, target);
  } catch (error) {
    if (errorCode(error) === 'ENOTEMPTY' || errorCode(error) === 'EEXIST') return false;
    throw error;
  }
  // Last, because a folder that cannot be written cannot be moved either. Set aside meanwhile by mistake, it comes back.
  await chmod(target, 0o555).catch(unlessGone);
  return true;
}

async function copyOut(artifact: StoredArtifact, staged: string, folders: ArtifactFolders): Promise<void> {
  const blob = blobFile(folders, artifact.digest);
  const file = join(staged, artifact.path);
  await mkdir(dirname(file), { recursive: true });
  try {
    await copyFile(blob, file, constants.COPYFILE_EXCL | constants.COPYFILE_FICLONE);
  } catch (error) {
    if (errorCode(error) !== 'ENOENT') throw error;
    fail({
      code: 'artifact.missing',
      what: `${artifact.path} is not in the store`,
      why: `${blob} does not exist`,
      touched: 'no',
      next: 'register the version again from its source',
    });
  }
  await chmod(file, 0o444);
  const { digest } = await hashPath(file);
  if (digest !== artifact.digest) damaged(blob, `its bytes have the digest ${digest}`);
}

/** Processes may still run from the old folder, so it is moved, and cleared away much later. */
async function setAside(target: string, artifacts: readonly StoredArtifact[], { staging }: ArtifactFolders): Promise<void> {
  const aside = join(await mkdtemp(join(staging, 'aside-')), 'checkout');
  try {
    await chmod(target, 0o755);
    await rename(target, aside);
  } catch (error) {
    unlessGone(error);
    return;
  }
  // Another process had put a whole one there between our look and our move.
  if (await isWhole(aside, artifacts)) await moved(aside, target);
}

/** What is gone, another process has moved. */
function unlessGone(error: unknown): void {
  if (errorCode(error) !== 'ENOENT') throw error;
}

/** Exactly the files of the bundle, byte for byte, and nothing beside them. */
async function isWhole(target: string, artifacts: readonly StoredArtifact[]): Promise<boolean> {
  try {
    const folder = await lstat(target);
    if (!folder.isDirectory()) return false;
    const expected = new Set([...artifacts.map(({ path }) => path), ...foldersOf(artifacts)]);
    const present = await readdir(target, { recursive: true });
    if (present.length !== expected.size || !present.every((path) => expected.has(path))) return false;
    for (const { path, digest } of artifacts) if ((await hashPath(join(target, path))).digest !== digest) return false;
    // Left writable by one that was killed just after the move. A whole checkout on a read-only disk is fine as it is.
    if ((folder.mode & 0o222) !== 0) await chmod(target, 0o555);
    return true;
  } catch (error) {
    switch (errorCode(error)) {
      case 'ENOENT':
      case 'ELOOP':
      case 'EISDIR':
      case 'ENOTDIR':
        return false;
      default:
        throw error;
    }
  }
}

/** Deepest first. */
function foldersOf(artifacts: readonly StoredArtifact[]): readonly string[] {
  const folders = new Set<string>();
  for (const { path } of artifacts) {
    for (let folder = dirname(path); folder !== '.'; folder = dirname(folder)) folders.add(folder);
  }
  return [...folders].sort((a, b) => b.length - a.length);
}
