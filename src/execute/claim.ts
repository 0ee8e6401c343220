import { fail, type Problem } from '../model/errors.ts';
import { hasEnded, type Operation } from '../model/operation.ts';
import { raiseFence } from '../registry/services.ts';
import type { Transacted } from '../store/store.ts';
import type { Engine } from './engine.ts';
import { appendEvent } from './journal.ts';
import { laneTaken } from './lane.ts';
import { leaseFrom, lifeOf } from './lease.ts';
import { requireOperation } from './read.ts';

/**
 * Takes an operation over whose owner is gone, or that waits without one. On one machine a successor takes over at once when the
 * process is gone, and never by time while it lives; from another machine when its lease is over. `fenceSeen` and `over` are what the
 * world and its record showed just before. `from` anyone: also from a process that lives, which finds the fence raised and follows.
 */
export async function claim(
  engine: Engine,
  id: string,
  because: string,
  fenceSeen: number,
  over?: string,
  from: 'gone' | 'anyone' = 'gone',
): Promise<Operation> {
  const owner = engine.processes.self();
  const take = async (transaction: Transacted, at: number) => {
    const operation = await requireOperation(transaction, id);
    if (hasEnded(operation.state)) fail(overAlready(operation));
    if (from === 'gone' && operation.owner !== null && operation.owner !== owner) {
      const life = await lifeOf(engine, operation, transaction);
      if (life !== 'gone') laneTaken(operation, life);
    }
    const fence = await raiseFence(transaction, operation.service, fenceSeen);
    const claimed = { kind: 'claimed' as const, owner, fence, because, ...(over === undefined ? {} : { over }) };
    await appendEvent(transaction, id, at, claimed);
    await transaction
      .updateTable('operations')
      .set({ lease_until: leaseFrom(engine, at) })
      .where('id', '=', id)
      .execute();
    return { event: claimed, at };
  };
  const { event, at } = await engine.store.transaction('claim', take, engine.service.name);
  engine.announce(id, event, at);
  return requireOperation(engine.store.read, id);
}

function overAlready({ id, state, service }: Operation): Problem {
  return {
    code: 'plan.stale',
    what: `operation ${id} has ended meanwhile: ${state}`,
    why: 'another process went on with it, or pushed it aside',
    touched: 'no',
    next: `sofare status ${service}`,
  };
}
