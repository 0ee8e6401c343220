import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import type { Glass, LocalJournal, Seeded } from '../execute/glass.ts';
import type { Store } from '../store/store.ts';
import type { JournalDisk } from './journal-disk.ts';

const seedFile = 'seed.json';

/** Journals of rollbacks that were done without the registry, in a usual engine: to be taken in. */
export function journalsToTakeIn(disk: JournalDisk): Glass {
  return {
    stamp: null,
    because: '',
    open: (journal) => openJournal(disk, journal),
    putAside: async (journal) => {
      const folder = dirname(journal);
      if (disk.exists(folder)) disk.rename(folder, aside(folder));
    },
  };
}

function aside(folder: string): string {
  return `${folder}.taken-in`;
}

/**
 * Null where there is none at that path that this user can read, or nothing had been done in it yet. One that was put aside is found
 * again: whoever still had it open may have gone on in it since, and then the record names it once more.
 */
export async function openJournal(disk: JournalDisk, journal: string): Promise<LocalJournal | null> {
  for (const folder of [dirname(journal), aside(dirname(journal))]) {
    const seed = disk.read(join(folder, seedFile));
    const file = join(folder, basename(journal));
    if (seed !== null && disk.exists(file)) return { store: await disk.openStore(file), seeded: JSON.parse(seed) as Seeded };
  }
  return null;
}

/** A journal that was just begun. */
export interface Begun {
  readonly journal: string;
  readonly store: Store;
}

/** Begins one in the first of the folders that has space and is this user's alone; null where none is. */
export async function beginJournal(disk: JournalDisk, folders: readonly string[], name: string): Promise<Begun | null> {
  for (const folder of folders) {
    try {
      if (!disk.makeRoom(folder)) continue;
      const journal = join(folder, name, 'journal.db');
      return { journal, store: await disk.openStore(journal) };
    } catch {
      // The next folder may be on a disk that is well.
    }
  }
  return null;
}

/** Only what came from the record is in it: a plan was looked at, or there was nothing to do. */
export async function isUnused(store: Store, seeded: Seeded): Promise<boolean> {
  return (await lastIn(store, 'journal')) === seeded.journal && (await lastIn(store, 'history')) === seeded.history;
}

export function discardJournal(disk: JournalDisk, journal: string): void {
  disk.remove(dirname(journal));
}

/** From here on what is in the journal counts: what is there now came from the record. Without this file nobody would take it in. */
export async function sealSeed(disk: JournalDisk, { journal, store }: Begun): Promise<Seeded> {
  const seeded: Seeded = { journal: await lastIn(store, 'journal'), history: await lastIn(store, 'history') };
  disk.write(join(dirname(journal), seedFile), JSON.stringify(seeded));
  disk.syncFolder(dirname(journal));
  return seeded;
}

async function lastIn(store: Store, table: 'journal' | 'history'): Promise<number> {
  const row = await store.read
    .selectFrom(table)
    .select((build) => build.fn.max('sequence').as('last'))
    .executeTakeFirst();
  return Number(row?.last ?? 0);
}

/** Beside what serves first, for that outlives the machine's next start; then wherever else this user may write. */
export function journalFolders(
  host: string,
  environment: Readonly<Record<string, string | undefined>>,
  user: number | null,
): readonly string[] {
  const own = `sofare-${user ?? 'user'}`;
  const runtime = environment['XDG_RUNTIME_DIR'];
  return [
    join(host, 'break-glass'),
    ...(runtime ? [join(runtime, own, 'break-glass')] : []),
    join(tmpdir(), own, 'break-glass'),
    join('/dev/shm', own, 'break-glass'),
  ];
}
