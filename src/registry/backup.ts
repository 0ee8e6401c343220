import { DatabaseSync } from 'node:sqlite';
import { mkdir, open, readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { fail } from '../model/errors.ts';
import { openSqlite, type SqliteOptions } from '../store/sqlite.ts';
import { databaseProblem } from '../store/sqlite-problems.ts';
import type { Store } from '../store/store.ts';
import { readHistory } from './history.ts';
import { listServices } from './services.ts';
import { listVersions } from './versions.ts';

/** A copy that fails in the middle leaves files of SQLite's own beside it. */
const leftovers = ['', '-journal', '-wal', '-shm'];

const name = /^sofare-\d{8}T\d{9}Z\.db$/;

/** Path of the newest backup, or null when there is none. */
export async function newestBackup(folder: string): Promise<string | null> {
  const newest = (await backups(folder)).at(-1);
  return newest === undefined ? null : join(folder, newest);
}

/**
 * Copies the database into `folder` and keeps the newest five. A copy counts only once it was read back whole: the database of a
 * registry that has gone bad never takes the place of a good backup.
 */
export async function backupRegistry(
  store: Store,
  folder: string,
  options: Pick<SqliteOptions, 'clock' | 'failpoints'>,
  keep = 5,
): Promise<string> {
  const file = join(folder, `sofare-${new Date(await store.now()).toISOString().replaceAll(/[-:.]/g, '')}.db`);
  const partial = `${file}.partial`;
  try {
    await mkdir(folder, { recursive: true });
    await rm(partial, { force: true });
    options.failpoints.hit('backup.before-copy');
    await (store.backup ?? keptElsewhere())(partial);
    options.failpoints.hit('backup.after-copy');
    assertWhole(partial);
    await assertReadable(partial, options);
    await synced(partial);
    options.failpoints.hit('backup.before-place');
    await rename(partial, file);
    options.failpoints.hit('backup.after-place');
    await synced(folder);
  } catch (error) {
    throw databaseProblem(folder, error);
  } finally {
    for (const end of leftovers) await rm(`${partial}${end}`, { force: true }).catch(() => {});
  }
  const abandoned = (await readdir(folder)).filter((entry) => entry.endsWith('.db.partial') && join(folder, entry) < partial);
  for (const old of [...(await backups(folder)).slice(0, -keep), ...abandoned]) await rm(join(folder, old), { force: true });
  return file;
}

async function backups(folder: string): Promise<readonly string[]> {
  try {
    return (await readdir(folder)).filter((entry) => name.test(entry)).sort();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
}

function keptElsewhere(): never {
  return fail({
    code: 'bug',
    what: 'the rows of this registry are no file that could be copied',
    why: 'they are kept by a database server',
    touched: 'no',
    next: 'pg_dump',
  });
}

/** Leaves write-ahead logging, so that the backup is one file that can be copied over the database as it is. */
function assertWhole(file: string): void {
  const copy = new DatabaseSync(file);
  try {
    copy.exec('pragma journal_mode = delete');
    const { integrity_check: answer } = copy.prepare('pragma integrity_check(1)').get() as { integrity_check: string };
    if (answer === 'ok') return;
    fail({
      code: 'registry.damaged',
      what: 'the copy of the registry for backup/ is not whole',
      why: answer,
      touched: 'no',
      next: 'look at the disk; the earlier files of backup/ are untouched',
    });
  } finally {
    copy.close();
  }
}

/** Reads every row that carries a checksum. */
async function assertReadable(file: string, { clock, failpoints }: Pick<SqliteOptions, 'clock' | 'failpoints'>): Promise<void> {
  const copy = await openSqlite({ file, readOnly: true, clock, failpoints });
  try {
    const models = await copy.read.selectFrom('versions').select('model').distinct().execute();
    for (const { model } of models) await listVersions(copy.read, model);
    for (const { service } of await listServices(copy.read)) await readHistory(copy.read, service);
  } finally {
    await copy.close();
  }
}

async function synced(path: string): Promise<void> {
  const handle = await open(path, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
