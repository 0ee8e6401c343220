import { fail, ProblemError } from '../model/errors.ts';
import type { Operation, OperationEvent } from '../model/operation.ts';
import type { Transacted } from '../store/store.ts';
import type { Engine } from './engine.ts';
import { appendEvent } from './journal.ts';

/** Thrown when this process no longer owns the operation it runs: it stops at once and writes nothing more. */
export class Fenced extends Error {
  readonly operation: string;
  constructor(operation: string, why: string) {
    super(`operation ${operation} is no longer ours: ${why}`);
    this.name = 'Fenced';
    this.operation = operation;
  }
}

/** Inside a transaction: the operation is running, by this owner, under this fence. Otherwise nothing of the transaction stands. */
export async function assertOwned(transaction: Transacted, operation: Operation): Promise<void> {
  const row = await transaction
    .selectFrom('operations')
    .select(['state', 'owner', 'fence'])
    .where('id', '=', operation.id)
    .executeTakeFirst();
  if (row?.state !== 'running') throw new Fenced(operation.id, `its state is ${row?.state ?? 'unknown'}`);
  if (row.owner !== operation.owner) throw new Fenced(operation.id, `${row.owner} owns it`);
  if (row.fence !== operation.fence) throw new Fenced(operation.id, `its fence is ${row.fence}, ours ${operation.fence}`);
}

/** One journal transaction of an operation that runs: owner and fence checked, the events and any rows, all or nothing. */
export async function commitEvents(
  engine: Engine,
  name: string,
  operation: Operation,
  events: readonly OperationEvent[],
  rows: (transaction: Transacted, at: number) => Promise<void> = async () => {},
): Promise<number> {
  const write = async (transaction: Transacted, at: number): Promise<number> => {
    await assertOwned(transaction, operation);
    await rows(transaction, at);
    for (const event of events) await appendEvent(transaction, operation.id, at, event);
    return at;
  };
  const at = await engine.store.transaction(name, write, operation.service);
  for (const event of events) engine.announce(operation.id, event, at);
  return at;
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
    why: 'one operation at a time holds the lane of a service',
    touched: 'no',
    next:
      holder.state === 'open'
        ? `sofare promote ${holder.service}`
        : life === 'gone' || holder.state === 'stuck'
          ? `sofare resume ${holder.id}`
          : `sofare status ${holder.service} -w`,
  });
}
