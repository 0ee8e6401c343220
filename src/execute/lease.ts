import { sql } from 'kysely';
import type { Life, Processes } from '../ports/processes.ts';
import { hotQuery } from '../store/hot-query.ts';
import type { Readable } from '../store/store.ts';
import type { Engine } from './engine.ts';
import { Fenced } from './lane.ts';

/** What has an owner, and where that stands. */
export interface Owned {
  readonly in: 'operations' | 'tasks';
  readonly id: string | number;
  readonly owner: string | null;
}

/**
 * Whether the owner of something is gone, the one way to ask it. A process of this machine is looked at, and never called gone by time
 * while it lives. One elsewhere is gone when its lease is over by the database's time.
 */
export async function ownerLife(
  { processes, store }: Pick<Engine, 'processes' | 'store'>,
  owned: Owned,
  database: Readable = store.read,
): Promise<Life> {
  if (owned.owner === null) return 'gone';
  const life = processes.life(owned.owner);
  if (life !== 'elsewhere') return life;
  const [row] = await leaseOver[owned.in](database, [owned.id, owned.owner]);
  return row?.over === 1 ? 'gone' : 'elsewhere';
}

const over = sql<number>`case when lease_until < sofare_now() then 1 else 0 end`.as('over');
const leaseOver = {
  operations: hotQuery((database) => database.selectFrom('operations').select(over).where('id', '=', '').where('owner', '=', '')),
  tasks: hotQuery((database) => database.selectFrom('tasks').select(over).where('id', '=', 0).where('owner', '=', '')),
};

/** Operations that a process of ours runs now. */
const running = new WeakMap<Processes, Set<{ readonly id: string }>>();

/** Does the work of running an operation, and keeps in mind meanwhile that this process does. */
export async function whileRunning<Result>(
  { processes }: Pick<Engine, 'processes'>,
  operation: { readonly id: string },
  work: () => Promise<Result>,
): Promise<Result> {
  const these = running.get(processes) ?? new Set();
  running.set(processes, these.add(operation));
  try {
    return await work();
  } finally {
    these.delete(operation);
  }
}

/**
 * The same of an operation. One that this very process owns and does not run was left by it: an error cut it short, and the process lives
 * on for others. Whoever waited for it, in this process too, would wait for as long as it lives.
 */
export async function lifeOf(
  engine: Pick<Engine, 'processes' | 'store'>,
  { id, owner }: { readonly id: string; readonly owner: string | null },
  database?: Readable,
): Promise<Life> {
  const { processes } = engine;
  if (owner !== processes.self()) return ownerLife(engine, { in: 'operations', id, owner }, database);
  return [...(running.get(processes) ?? [])].some((each) => each.id === id) ? 'alive' : 'gone';
}

/** Until when an owner that begins or renews now is believed to live; null where owners are looked at. */
export function leaseFrom({ store }: Pick<Engine, 'store'>, at: number): number | null {
  return store.lease === null ? null : at + store.lease;
}

/**
 * Does work while its lease is renewed, at a third of it. When a renewal fails, comes too late or finds another owner, the work is
 * aborted through its signal and this fails as fenced, whatever the work itself says.
 */
export async function whileLeased<Result>(
  engine: Pick<Engine, 'store' | 'clock'>,
  what: { readonly id: string; readonly renew: () => Promise<boolean> },
  signal: AbortSignal,
  work: (signal: AbortSignal) => Promise<Result>,
): Promise<Result> {
  const { lease } = engine.store;
  if (lease === null) return work(signal);
  const lost = new AbortController();
  const ended = new AbortController();
  const beating = beat(engine, lease, what, lost, ended.signal);
  try {
    return await work(AbortSignal.any([signal, lost.signal]));
  } catch (error) {
    throw lost.signal.aborted ? lost.signal.reason : error;
  } finally {
    ended.abort();
    await beating;
  }
}

async function beat(
  { clock }: Pick<Engine, 'clock'>,
  lease: number,
  { id, renew }: Parameters<typeof whileLeased>[1],
  lost: AbortController,
  ended: AbortSignal,
): Promise<void> {
  for (;;) {
    await clock.wait(lease / 3, ended);
    if (ended.aborted) return;
    const renewing = renew().then(
      (ours) => (ours ? null : 'somebody else has it now'),
      (error: unknown) => `its lease could not be renewed: ${error instanceof Error ? error.message : String(error)}`,
    );
    const late = clock.wait(lease / 2, ended).then(() => 'its lease could not be renewed in time');
    const why = await Promise.race([renewing, late]);
    if (ended.aborted) return;
    if (why === null) continue;
    lost.abort(new Fenced(id, why));
    return;
  }
}

/** Renews the lease of an operation that this process runs. False: it is no longer ours. */
export function renewal(engine: Engine, { id, service, owner, fence }: OwnedOperation): () => Promise<boolean> {
  return () =>
    engine.store.transaction(
      'lease',
      async (transaction, at) => {
        const row = await transaction
          .updateTable('operations')
          .set({ lease_until: leaseFrom(engine, at) })
          .where('id', '=', id)
          .where('state', '=', 'running')
          .where('owner', '=', owner)
          .where('fence', '=', fence)
          .returning('id')
          .executeTakeFirst();
        return row !== undefined;
      },
      service,
      // Behind a thousand others it would come too late, and the operation would be taken for left.
      'emergency',
    );
}

interface OwnedOperation {
  readonly id: string;
  readonly service: string;
  readonly owner: string | null;
  readonly fence: number;
}
