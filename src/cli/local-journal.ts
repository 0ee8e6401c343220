import { existsSync, lstatSync, mkdirSync, readFileSync, renameSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { Glass, LocalJournal, Seeded } from '../execute/glass.ts';
import type { Failpoints } from '../ports/failpoints.ts';
import type { Store } from '../store/store.ts';
import { openLocalStore } from '../wire.ts';

/** What a rollback and its journal may need of a disk, and some more. */
const enough = 4 * 1024 * 1024;
const seedFile = 'seed.json';

/** Journals of rollbacks that were done without the registry, in a usual engine: to be taken in. */
export function journalsToTakeIn(failpoints: Failpoints): Glass {
  return {
    stamp: null,
    because: '',
    open: (journal) => openJournal(journal, failpoints),
    putAside: async (journal) => {
      const folder = dirname(journal);
      if (existsSync(folder)) renameSync(folder, `${folder}.taken-in`);
    },
  };
}

/** Null where there is none at that path that this user can read, or nothing had been done in it yet. */
export async function openJournal(journal: string, failpoints: Failpoints): Promise<LocalJournal | null> {
  try {
    const seeded = JSON.parse(readFileSync(join(dirname(journal), seedFile), 'utf8')) as Seeded;
    if (!existsSync(journal)) return null;
    return { store: await openLocalStore(journal, failpoints), seeded };
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'EACCES') return null;
    throw error;
  }
}

/** Begins one in the first of the folders that has space and is this user's alone; null where none is. */
export async function beginJournal(
  folders: readonly string[],
  name: string,
  failpoints: Failpoints,
): Promise<{ readonly journal: string; readonly store: Store } | null> {
  for (const folder of folders) {
    try {
      mkdirSync(folder, { recursive: true, mode: 0o700 });
      const { bavail, bsize } = statfsSync(folder);
      if (!isPrivate(folder) || bavail * bsize < enough) continue;
      const journal = join(folder, name, 'journal.db');
      return { journal, store: await openLocalStore(journal, failpoints) };
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

export function discardJournal(journal: string): void {
  rmSync(dirname(journal), { recursive: true, force: true });
}

/** From here on what is in the journal counts: what is there now came from the record. */
export async function sealSeed(journal: string, store: Store): Promise<Seeded> {
  const seeded: Seeded = { journal: await lastIn(store, 'journal'), history: await lastIn(store, 'history') };
  writeFileSync(join(dirname(journal), seedFile), JSON.stringify(seeded), { flush: true, mode: 0o600 });
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

function isPrivate(folder: string): boolean {
  const { uid, mode } = lstatSync(folder);
  return (process.getuid === undefined || uid === process.getuid()) && (mode & 0o077) === 0;
}
