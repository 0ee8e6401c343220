import { mkdir, open, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { errorCode } from './refusal.ts';

/** Makes a folder, and those above it that are not there. They survive power loss: each is a name in the folder above. */
export async function makeFolder(path: string): Promise<void> {
  try {
    await mkdir(path);
  } catch (error) {
    // Not left to `recursive`, which says that the folder above is missing when it was the disk that failed.
    if (errorCode(error) === 'EEXIST' && (await stat(path)).isDirectory()) return;
    if (errorCode(error) !== 'ENOENT' || dirname(path) === path) throw error;
    await makeFolder(dirname(path));
    // Another process may have been quicker.
    return makeFolder(path);
  }
  await syncFolder(dirname(path));
}

/** A name in a folder survives power loss only once the folder itself was synced. */
export async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
