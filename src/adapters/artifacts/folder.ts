import { mkdtemp } from 'node:fs/promises';
import { join } from 'node:path';
import type { StoredArtifact } from '../../model/version.ts';
import type { Artifacts } from '../../ports/artifacts.ts';
import type { Failpoints } from '../../ports/failpoints.ts';
import { writeBlob } from './blob-writer.ts';
import { checkout } from './checkout.ts';
import { makeFolder, syncFolder } from './durable.ts';
import { type ArtifactFolders, storedArtifacts } from './layout.ts';
import { storageProblem } from './refusal.ts';
import { removeTree } from './remove-tree.ts';
import { removeUnkept } from './remove.ts';
import { verifyArtifacts } from './verify.ts';
import { walkFiles } from './walk-files.ts';

export interface FolderOptions extends ArtifactFolders {
  readonly failpoints: Failpoints;
}

/** Files by their SHA-256 in a folder of this machine. */
export function folderArtifacts(options: FolderOptions): Artifacts {
  return {
    put: (paths) => written(options, () => put(paths, options)),
    open: (bundle) => {
      const artifacts = storedArtifacts(bundle);
      return artifacts.length === 0 ? Promise.resolve(null) : written(options, () => checkout(artifacts, options));
    },
    verify: (bundle, depth) => verifyArtifacts(storedArtifacts(bundle), depth, options),
    remove: (kept) => written(options, () => removeUnkept(kept, options)),
  };
}

async function put(paths: readonly string[], options: FolderOptions): Promise<readonly StoredArtifact[]> {
  const files = await walkFiles(paths);
  const staged = await mkdtemp(join(options.staging, 'put-'));
  try {
    const artifacts: StoredArtifact[] = [];
    for (const [index, file] of files.entries()) {
      artifacts.push(await writeBlob(file, join(staged, String(index)), options, options.failpoints));
    }
    await syncFolder(options.blobs);
    options.failpoints.hit('artifacts.after-folder-sync');
    return artifacts;
  } finally {
    await removeTree(staged);
  }
}

async function written<Result>(folders: ArtifactFolders, work: () => Promise<Result>): Promise<Result> {
  try {
    for (const folder of [folders.blobs, folders.staging, folders.checkouts]) await makeFolder(folder);
    return await work();
  } catch (error) {
    throw storageProblem(folders.blobs, error);
  }
}
