import { fail, ProblemError } from '../model/errors.ts';
import { hasEnded, type Operation, type OperationEvent } from '../model/operation.ts';
import { hotQuery } from '../store/hot-query.ts';
import type { Readable, Transacted } from '../store/store.ts';
import type { Engine } from './engine.ts';
import { insertEvents, stateAfter } from './journal.ts';

/** Thrown when this process no longer owns the operation it runs: it stops at once and writes nothing more. */
export class Fenced extends Error {
  readonly operation: string;
  constructor(operation: string, why: string) {
    super(`operation ${operation} is no longer ours: ${why}`);
    this.name = 'Fenced';
    this.operation = operation;
  }
}

/** Moves the row of an operation that is running, by this owner, under this fence; no other. One statement, so that nobody is between. */
const moveOwned = hotQuery((database) =>
  database
    .updateTable('operations')
    .set({ state: '', owner: '', ended_at: 0 })
    .where('id', '=', '')
    .where('state', '=', 'running')
    .where('owner', '=', '')
    .where('fence', '=', 0)
    .returning('id'),
);

/** One journal transaction of an operation that runs: owner and fence checked, the events and any rows, all or nothing. */
export async function commitEvents(
  engine: Engine,
  name: string,
  operation: Operation,
  events: readonly OperationEvent[],
  rows: (transaction: Transacted, at: number) => Promise<void> = async () => {},
): Promise<number> {
  const { id, owner, fence } = operation;
  const state = stateAfter(id, 'running', events);
  const write = async (transaction: Transacted, at: number): Promise<number> => {
    const after = [state, state === 'running' ? owner : null, hasEnded(state) ? at : null];
    const [moved] = await moveOwned(transaction, [...after, id, 'running', owner, fence]);
    if (!moved) throw await notOurs(transaction, operation);
    await rows(transaction, at);
    await insertEvents(transaction, id, at, events);
    return at;
  };
  const at = await engine.store.transaction(name, write, operation.service);
  for (const event of events) engine.announce(id, event, at);
  return at;
}

/** Fails with Fenced when somebody else has the operation by now: for a watch that may have nothing to write for long. */
export async function requireOurs({ store }: Engine, operation: Operation): Promise<void> {
  const row = await rowOf(store.read, operation.id);
  const { owner, fence } = operation;
  if (row?.state !== 'running' || row.owner !== owner || row.fence !== fence) throw await notOurs(store.read, operation);
}

function rowOf(database: Readable, id: string) {
  return database.selectFrom('operations').select(['state', 'owner', 'fence']).where('id', '=', id).executeTakeFirst();
}

async function notOurs(database: Readable, { id, owner, fence }: Operation): Promise<Fenced> {
  const row = await rowOf(database, id);
  if (row?.state !== 'running') return new Fenced(id, `its state is ${row?.state ?? 'unknown'}`);
  return new Fenced(id, row.owner === owner ? `its fence is ${row.fence}, ours ${fence}` : `${row.owner} owns it`);
}

/** ` on HOST`, of the process that runs it or ran it last. */
function on({ owners }: Operation): string {
  const host = owners.at(-1)?.split('/')[0] ?? '';
  return host === '' ? '' : ` on ${host}`;
}

/** A refusal by the world because of our fence means that somebody else has the lane now. */
export function isFenced(error: unknown): boolean {
  return error instanceof Fenced || (error instanceof ProblemError && error.problem.code === 'superseded');
}

export function laneTaken(holder: Operation, life: 'alive' | 'gone' | 'elsewhere'): never {
  const how =
    holder.state === 'open'
      ? 'waits for promote, abort or rollback'
      : holder.state === 'stuck'
        ? 'is stuck'
        : life === 'gone'
          ? 'was interrupted'
          : 'runs now';
  return fail({
    code: 'lane.taken',
    what: `operation ${holder.id} (${holder.kind} ${holder.plan.from ?? 'nothing'} to ${holder.plan.to}, by ${holder.actor}) ${how}`,
    why: `one operation at a time holds the lane of a service; this one does${on(holder)} since ${new Date(holder.createdAt).toISOString()}`,
    touched: 'no',
    next:
      holder.state === 'open'
        ? `sofare promote ${holder.service}`
        : life === 'gone' || holder.state === 'stuck'
          ? `sofare resume ${holder.id}`
          : `sofare status ${holder.service} -w`,
  });
}
