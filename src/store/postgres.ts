import { Kysely, PostgresAdapter, sql } from 'kysely';
import pg from 'pg';
import type { Clock } from '../ports/clock.ts';
import type { Failpoints } from '../ports/failpoints.ts';
import { type Patiently, pooledDialect } from './postgres-driver.ts';
import { placeOf } from './postgres-place.ts';
import { isCrossed, postgresProblem } from './postgres-problems.ts';
import { migratePostgres, prepareConnection } from './postgres-schema.ts';
import { unitsOfWork } from './postgres-unit.ts';
import { hearing } from './postgres-waking.ts';
import { Slots } from './slots.ts';
import type { Store, Urgency } from './store.ts';
import type { Tables } from './tables.ts';

export interface PostgresOptions {
  /** `postgres://USER:PASSWORD@HOST:PORT/NAME`. Never printed. */
  readonly url: string;
  /** How long an owner elsewhere is believed to live after it last renewed its lease, in milliseconds. */
  readonly lease: number;
  /** Read-only commands never write, not even the schema. */
  readonly readOnly: boolean;
  readonly clock: Clock;
  readonly failpoints: Failpoints;
}

/**
 * How long a server that does not answer is waited for: at the beginning hardly, since nothing is at stake yet; later for as long as
 * it may need to come back after a crash. And how long making one connection may take.
 */
const patience = { opening: 3_000, open: 30_000 };
const connectWithin = 5_000;
const mostConnections = 8;
/**
 * How long an answer is waited for before the connection is taken for lost, where nothing says that it is: not much longer than a
 * lease, since whoever hears nothing for so long has lost that anyway; never shorter than the server may let us wait for a lock.
 */
const answerWithin = (lease: number): number => Math.max(10_000, Math.min(35_000, lease));
/** However many units of work wait for their turn. */
const keptForReading = 2;
/** How long the rows are kept by which lost COMMITs are read back. */
const commitsKept = 86_400_000;

/** Opens the registry that several controllers share. */
export async function openPostgres({ url, lease, readOnly, clock, failpoints }: PostgresOptions): Promise<Store> {
  const place = placeOf(url);
  let open = false;
  const patiently: Patiently = async (work, passes) => {
    const giveUp = clock.monotonic() + (open ? patience.open : patience.opening);
    for (let pause = 5; ; pause = Math.min(pause * 2, 250)) {
      try {
        return await work();
      } catch (error) {
        if (!passes(error) || clock.monotonic() >= giveUp) throw postgresProblem(place, error);
        await clock.wait(pause);
      }
    }
  };
  const connection = {
    connectionString: url,
    application_name: 'sofare',
    connectionTimeoutMillis: connectWithin,
    query_timeout: answerWithin(lease),
    keepAlive: true,
  };
  const pool = new pg.Pool({
    ...connection,
    types: { getTypeParser: parserOf as typeof pg.types.getTypeParser },
    max: mostConnections,
    allowExitOnIdle: true,
    onConnect: (client) => prepareConnection(client, readOnly),
  });
  // A connection that goes while nothing is asked of it is replaced when the next question comes.
  pool.on('error', () => {});
  pool.on('connect', (client) => client.on('error', () => {}));
  const connections = { pool, slots: new Slots(mostConnections), patiently, adapter: new PostgresAdapter() };
  const inLine = (urgency: Urgency) => new Kysely<Tables>({ dialect: pooledDialect(connections, urgency) });
  const lines = { emergency: inLine('emergency'), back: inLine('back'), usual: inLine('usual') };
  const database = lines.usual;
  try {
    await patiently(() => migratePostgres(database, place, readOnly), isCrossed);
    if (!readOnly) await sql`delete from commits where at < sofare_now() - ${sql.lit(commitsKept)}`.execute(database);
  } catch (error) {
    await pool.end();
    throw error;
  }
  open = true;
  const units = unitsOfWork(lines, { place, patiently, failpoints });
  const turns = new Slots(mostConnections - keptForReading);
  const waking = hearing(connection, clock);
  return {
    read: database,
    readFor: (urgency) => lines[urgency],
    lease,
    now: async () => (await sql<{ now: number }>`select sofare_now() as now`.execute(database)).rows[0]?.now ?? Number.NaN,
    transaction: (name, work, service, urgency = 'usual') => turns.use(urgency, () => units(name, work, service, urgency)),
    changes: waking.changes,
    backup: null,
    close: async () => {
      await waking.close();
      if (!pool.ending) await pool.end();
    },
  };
}

const whole = 20;

/** Whole numbers are numbers, as on SQLite; one that a number cannot hold is never taken for another. */
function parserOf(type: number, format?: 'text' | 'binary') {
  if (type !== whole) return pg.types.getTypeParser(type, format as 'text');
  return (text: string): number => {
    const value = Number(text);
    if (!Number.isSafeInteger(value)) throw new Error(`${text} is larger than a whole number may be here`);
    return value;
  };
}
