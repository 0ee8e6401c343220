import { existsSync, lstatSync, readFileSync, renameSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import type { Failpoints } from '../ports/failpoints.ts';
import { makeFolder, syncFolder } from '../store/durable-folder.ts';
import type { Store } from '../store/store.ts';
import { openLocalStore } from '../wire.ts';

/** The files of rollbacks that are done without the registry. What is said here to be durable survives power loss. */
export interface JournalDisk {
  /** Makes a folder, durably. False where it has no space for a journal, or is not this user's alone. */
  makeRoom(folder: string): boolean;
  /** A database in a file that is made where there is none, with its folder; its name is durable, and what it commits. */
  openStore(file: string): Promise<Store>;
  exists(path: string): boolean;
  /** Null where there is nothing that this user can read. */
  read(file: string): string | null;
  /** What is in the file is durable then; a new name only once its folder is synced. */
  write(file: string, text: string): void;
  syncFolder(folder: string): void;
  /** Durable once the folder above is synced. */
  rename(from: string, to: string): void;
  remove(folder: string): void;
}

/** What a rollback and its journal may need of a disk, and some more. */
const enough = 4 * 1024 * 1024;

export function systemJournalDisk(failpoints: Failpoints): JournalDisk {
  return {
    makeRoom: (folder) => {
      makeFolder(folder, 0o700);
      const { bavail, bsize } = statfsSync(folder);
      return isPrivate(folder) && bavail * bsize >= enough;
    },
    openStore: (file) => openLocalStore(file, failpoints),
    exists: existsSync,
    read: (file) => {
      try {
        return readFileSync(file, 'utf8');
      } catch (error) {
        const { code } = error as NodeJS.ErrnoException;
        if (code === 'ENOENT' || code === 'EACCES') return null;
        throw error;
      }
    },
    write: (file, text) => writeFileSync(file, text, { flush: true, mode: 0o600 }),
    syncFolder,
    rename: renameSync,
    remove: (folder) => rmSync(folder, { recursive: true, force: true }),
  };
}

function isPrivate(folder: string): boolean {
  const { uid, mode } = lstatSync(folder);
  return (process.getuid === undefined || uid === process.getuid()) && (mode & 0o077) === 0;
}
