import { hasEnded, type Operation } from '../model/operation.ts';
import { claim } from '../execute/claim.ts';
import type { Engine } from '../execute/engine.ts';
import { lifeOf } from '../execute/lease.ts';
import { requireOperation } from '../execute/read.ts';
import { carryOut } from './carry-out.ts';
import { fenceSeen, observe } from './observe.ts';
import type { Outcome } from './outcome.ts';
import type { Request } from './request.ts';

/** A rollback that has not ended: resumed when its owner is gone, else waited for; either way the caller ends as it does. */
export async function join(engine: Engine, standing: Operation, request: Request): Promise<Outcome> {
  let operation = standing;
  for (;;) {
    if (hasEnded(operation.state))
      return {
        kind: 'ran',
        operation,
        by: operation.supersededBy ? await requireOperation(engine.store.read, operation.supersededBy) : null,
      };
    if ((await lifeOf(engine, operation)) === 'gone') {
      if (!(await request.consent(operation.plan))) return { kind: 'planned', plan: operation.plan };
      const seen = fenceSeen(await observe(engine, request.signal));
      return carryOut(engine, await claim(engine, operation.id, `joined by ${request.actor}`, seen), request);
    }
    if (request.signal.aborted) return { kind: 'ran', operation, by: null };
    await engine.store.changes(1_000, request.signal);
    operation = await requireOperation(engine.store.read, operation.id);
  }
}
