import { chmodSync, existsSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { backup, DatabaseSync } from 'node:sqlite';
import { type ControlledTransaction, Kysely } from 'kysely';
import { fail, type Problem, ProblemError } from '../model/errors.ts';
import type { Clock } from '../ports/clock.ts';
import type { Failpoints } from '../ports/failpoints.ts';
import type { BatchDatabase } from './batch.ts';
import { makeFolder, syncFolder } from './durable-folder.ts';
import { FailStop } from './fail-stop.ts';
import { GroupCommit } from './group-commit.ts';
import { migrations } from './migrations.ts';
import { sqliteDialect } from './sqlite-driver.ts';
import { databaseProblem, isBusy } from './sqlite-problems.ts';
import type { Store } from './store.ts';
import type { Tables } from './tables.ts';

export interface SqliteOptions {
  /** Path of the database, or `:memory:`. */
  readonly file: string;
  /** Read-only commands never write, not even the schema. */
  readonly readOnly: boolean;
  readonly clock: Clock;
  readonly failpoints: Failpoints;
  /** Lets everything else in this process that is ready go on once. Left out: no commit waits for company. */
  readonly turn?: () => Promise<void>;
  /** A database in memory that is open already, taken instead of `file`: so that many can begin from one snapshot. */
  readonly connection?: DatabaseSync;
}

/** How long a writer waits for another process's commit before it gives the event loop back and asks again. */
const busyTimeout = 50;
const busyPatience = 10_000;
/** How often whoever waits for another process looks again. */
const pollEvery = 100;
const everyPage = 2 ** 31 - 1;

/** Opens a registry's database: WAL, synchronous FULL asserted on every open, schema brought up to date by writers. */
export async function openSqlite(options: SqliteOptions): Promise<Store> {
  const { clock, failpoints } = options;
  const patiently = async <Result>(work: () => Promise<Result>): Promise<Result> => {
    const giveUp = clock.monotonic() + busyPatience;
    for (let pause = 5; ; pause = Math.min(pause * 2, 100)) {
      try {
        return await work();
      } catch (error) {
        if (!isBusy(error) || clock.monotonic() >= giveUp) throw databaseProblem(options.file, error);
        await clock.wait(pause);
      }
    }
  };
  const connection = await patiently(async () => connect(options));
  const failStop = new FailStop(options.file);
  const told = <Result>(work: () => Result): Result => failStop.told(work);
  // Nothing else can see what is in memory.
  const reader =
    options.file === ':memory:' || options.connection ? null : (): DatabaseSync => connect({ ...options, readOnly: true });
  const database = new Kysely<Tables>({ dialect: sqliteDialect({ writer: connection, reader, told }) });
  try {
    await patiently(() => migrate(connection, database, options));
  } catch (error) {
    if (!failStop.stopped) connection.close();
    throw error;
  }
  const units = new GroupCommit({
    database: batches(connection, database),
    clock,
    failpoints,
    turn: options.turn ?? null,
    patience: busyPatience,
    isBusy,
    explain: (error) => databaseProblem(options.file, error),
  });
  return {
    read: database,
    // One connection answers each read before the next is asked: there is no line.
    readFor: () => database,
    lease: null,
    now: async () => clock.now(),
    transaction: (name, work, _service, urgency = 'usual') => units.ask(name, work, urgency),
    changes: (atMost, signal) => clock.wait(Math.min(atMost, pollEvery), signal),
    backup: (file) => copy(connection, reader, file),
    close: async () => {
      await units.rest();
      // Closing would write, too.
      if (!failStop.stopped) await database.destroy();
    },
  };
}

/**
 * The copy is made by another thread, which must not share a connection with units of work: each would take the other's errors for its
 * own. All pages at once, so that a writer does not make it begin again.
 */
async function copy(connection: DatabaseSync, reader: (() => DatabaseSync) | null, file: string): Promise<void> {
  const source = reader?.() ?? connection;
  try {
    await backup(source, file, { rate: everyPage });
  } finally {
    if (source !== connection) source.close();
  }
}

/** The database as a batch sees it. A unit is undone by its savepoint, which Kysely need not know of. */
function batches(connection: DatabaseSync, database: Kysely<Tables>): BatchDatabase {
  let transaction: ControlledTransaction<Tables> | null = null;
  return {
    begin: async () => {
      transaction = await database.startTransaction().execute();
      return transaction;
    },
    commit: async () => {
      await transaction?.commit().execute();
    },
    rollback: async () => {
      await transaction?.rollback().execute();
    },
    get begun() {
      return connection.isTransaction;
    },
    mark: () => connection.exec('savepoint unit'),
    keep: () => connection.exec('release unit'),
    undo: () => connection.exec('rollback to unit; release unit'),
  };
}

function connect({ file, readOnly, clock, connection: opened }: SqliteOptions): DatabaseSync {
  if (readOnly && !isThere(file)) fail(noRegistry(file));
  const fresh = file !== ':memory:' && !readOnly && !existsSync(file);
  if (fresh) makeFolder(dirname(file));
  const logged = file === ':memory:' || existsSync(`${file}-wal`);
  const connection = opened ?? new DatabaseSync(file, { readOnly, timeout: busyTimeout });
  try {
    if (fresh) chmodSync(file, 0o600);
    connection.function('sofare_now', { deterministic: false }, () => clock.now());
    if (!readOnly) {
      connection.exec('pragma journal_mode = wal');
      // SQLite does this later and does not look whether it failed.
      if (!logged) syncFolder(dirname(file));
      connection.exec('pragma synchronous = full');
      connection.exec('pragma fullfsync = on');
      const synchronous = connection.prepare('pragma synchronous').get() as { synchronous: number };
      if (synchronous.synchronous !== 2) throw new Error(`synchronous is ${synchronous.synchronous}, not FULL`);
    }
    connection.exec('pragma foreign_keys = on');
    return connection;
  } catch (error) {
    connection.close();
    throw error;
  }
}

async function migrate(connection: DatabaseSync, database: Kysely<Tables>, { file, readOnly }: SqliteOptions): Promise<void> {
  const present = schemaVersion(connection);
  if (present > migrations.length) {
    throw new ProblemError({
      code: 'registry.from-newer',
      what: `${file} has schema ${present}; this sofare knows ${migrations.length}`,
      why: 'a newer sofare wrote it',
      touched: 'no',
      next: 'use the newer sofare, or restore a file of backup/ written before it',
    });
  }
  if (present === migrations.length) return;
  if (readOnly) throw Object.assign(new Error('the schema is not there yet'), { code: 'SOFARE_EMPTY' });
  await database.transaction().execute(async (transaction) => {
    for (const migration of migrations.slice(schemaVersion(connection))) {
      await migration(transaction as never, { counter: 'integer primary key autoincrement' });
    }
    connection.exec(`pragma user_version = ${migrations.length}`);
  });
}

function schemaVersion(connection: DatabaseSync): number {
  return (connection.prepare('pragma user_version').get() as { user_version: number }).user_version;
}

/** A folder that this user may not look into is no proof that there is nothing in it. */
function isThere(file: string): boolean {
  try {
    statSync(file);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return false;
    throw error;
  }
}

function noRegistry(file: string): Problem {
  return {
    code: 'registry.missing',
    what: `there is no registry at ${dirname(file)}`,
    why: 'nothing was registered there yet, and a command that only reads makes none',
    touched: 'no',
    next: 'sofare register VERSION PATH',
  };
}
