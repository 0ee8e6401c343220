import { DatabaseSync } from 'node:sqlite';
import type { KyselyPlugin } from 'kysely';
import { ProblemError } from '../../src/model/errors.ts';
import type { Failpoints } from '../../src/ports/failpoints.ts';
import { noFailpoints } from '../../src/ports/failpoints.ts';
import type { Clock } from '../../src/ports/clock.ts';
import { registerVersion } from '../../src/registry/register.ts';
import { openSqlite } from '../../src/store/sqlite.ts';
import type { Store, Transacted } from '../../src/store/store.ts';
import type { Scheduler } from './scheduler.ts';
import type { MachineClock } from './simulated-clock.ts';
import type { SimulatedProcess } from './simulated-process.ts';

export const versions = ['1.0.0', '1.1.0', '1.2.0', '1.3.0', '1.4.0', '1.5.0'] as const;
export const models = ['fraud', 'rank'] as const;

/** One registry, which any number of processes have opened: the real store on a database in memory. */
export interface SimulatedDatabase {
  /** Empty where there is only one. */
  readonly name: string;
  readonly connection: DatabaseSync;
  readonly store: Store;
  readonly clock: MachineClock;
  /** How long an owner on another machine is believed to live; null where all are on one. */
  readonly lease: number | null;
  /** Transactions that were committed. */
  commits: number;
  /** The names of those that nobody has looked at yet. */
  readonly committed: string[];
  /** Why it cannot be used for a while. */
  broken: RegistryFault | null;
}

/** A registry that is full can still be read. */
export const registryFaults = ['registry.unreachable', 'registry.damaged', 'registry.full'] as const;
export type RegistryFault = (typeof registryFaults)[number];

/** Opens a database that begins as the snapshot says. */
export async function openDatabase(
  name: string,
  snapshot: Uint8Array,
  clock: Clock & { readonly machine: MachineClock },
  failpoints: Failpoints,
  lease: number | null,
): Promise<SimulatedDatabase> {
  const connection = fromSnapshot(snapshot);
  const store = await openSqlite({ file: ':memory:', readOnly: false, clock, failpoints, connection });
  return { name, connection, store, clock: clock.machine, lease, commits: 0, committed: [], broken: null };
}

export function fromSnapshot(snapshot: Uint8Array): DatabaseSync {
  const connection = new DatabaseSync(':memory:');
  (connection as DatabaseSync & { deserialize(bytes: Uint8Array): void }).deserialize(snapshot);
  return connection;
}

/** The schema as the migrations make it. */
export async function emptySnapshot(): Promise<Uint8Array> {
  return snapshotAfter(async () => {});
}

/** The same with versions that wait to be deployed. */
export async function migratedSnapshot(): Promise<Uint8Array> {
  return snapshotAfter(async (store) => {
    for (const model of models) {
      for (const version of versions) {
        const bundle = { artifacts: [], image: null, configuration: { version }, environment: {}, schema: null, migrations: [] };
        await store.transaction('register', (transaction) =>
          registerVersion(transaction, { model, version, draft: false, bundle, actor: 'ana', reason: 'simulated' }, 1),
        );
      }
    }
  });
}

async function snapshotAfter(work: (store: Store) => Promise<void>): Promise<Uint8Array> {
  const connection = new DatabaseSync(':memory:');
  const clock: Clock = { now: () => 1, monotonic: () => 1, wait: async () => {} };
  const store = await openSqlite({ file: ':memory:', readOnly: false, clock, failpoints: noFailpoints, connection });
  await work(store);
  const bytes = (connection as DatabaseSync & { serialize(): Uint8Array }).serialize();
  await store.close();
  return bytes;
}

/** Reads within one moment after which a program is taken to turn in circles. */
const endless = 5_000;
const stepKinds: readonly string[] = ['wake', 'route', 'bake', 'point', 'confirm'];

/** The store as one process has it: each transaction, and where the seed says so each read, lets others act before it. */
export function storeOf(process: SimulatedProcess, database: SimulatedDatabase, scheduler: Scheduler): Store {
  const { store } = database;
  const { chance } = process.around;
  const slowReads: KyselyPlugin = {
    transformQuery: ({ node }) => node,
    transformResult: async ({ result }) => {
      scheduler.busy += 1;
      if (scheduler.busy > endless) process.spins();
      // Whoever dies in the middle of a unit undoes it: here none is left half done, so nothing stops in one.
      if (process.inUnit) return result;
      if (!process.alive || process.strikes('slow', 'database.read', 0.2))
        await process.pause('database.read', chance.between(1, 400));
      if (database.broken !== null && database.broken !== 'registry.full') unusable(database.broken);
      return result;
    },
  };
  const read = store.read.withPlugin(slowReads);
  return {
    read,
    readFor: () => read,
    lease: database.lease,
    now: async () => database.clock.wall(),
    transaction: async (name, work, service, urgency) => {
      const [step = ''] = name.split('.');
      if (stepKinds.includes(step)) process.step = step;
      await process.pause(name, chance.between(0, 4));
      if (process.strikes('busy', name, 0.1)) throw busy();
      if (database.broken !== null) unusable(database.broken);
      const unit = async (transaction: Transacted, at: number): Promise<Awaited<ReturnType<typeof work>>> => {
        process.inUnit = true;
        const done = await work(transaction, at).finally(() => {
          process.inUnit = false;
        });
        scheduler.note(`${process.name} commits ${name}`);
        database.commits += 1;
        database.committed.push(name);
        return done;
      };
      const result = await store.transaction(name, unit, service, urgency);
      if (name.endsWith('.done')) process.applied = null;
      if (name === 'task.claim') process.step = `task ${(result as { task: { kind: string } } | null)?.task.kind ?? 'none'}`;
      return result;
    },
    changes: (atMost) => process.pause('database.changes', Math.min(atMost, 500)),
    backup: async () => {},
    close: async () => {},
  };
}

function unusable(code: RegistryFault): never {
  throw new ProblemError({
    code,
    what: 'the registry cannot be used',
    why: 'simulated',
    touched: 'no',
    next: 'sofare rollback works without it',
  });
}

function busy(): ProblemError {
  return new ProblemError({
    code: 'registry.busy',
    what: 'the registry is locked',
    why: 'simulated: another process has been writing for longer than ten seconds',
    touched: 'no',
    next: 'try again',
  });
}
