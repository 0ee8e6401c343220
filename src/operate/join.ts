import { hasEnded, type Operation } from '../model/operation.ts';
import { claim } from '../execute/claim.ts';
import type { Engine } from '../execute/engine.ts';
import { foretell } from '../execute/foretell.ts';
import { lifeOf } from '../execute/lease.ts';
import { readOperation, requireOperation } from '../execute/read.ts';
import { carryOut } from './carry-out.ts';
import { claimSeen, fenceSeen } from './observe.ts';
import type { Outcome } from './outcome.ts';
import { readyToChange, reconcile } from './reconcile.ts';
import type { Request } from './request.ts';

/** A rollback that has not ended: resumed when its owner is gone, else waited for; either way the caller ends as it does. */
export async function join(engine: Engine, standing: Operation, request: Request): Promise<Outcome> {
  let operation = standing;
  for (;;) {
    if (hasEnded(operation.state))
      return {
        kind: 'ran',
        operation,
        by: operation.supersededBy ? await readOperation(engine.store.read, operation.supersededBy) : null,
      };
    if ((await lifeOf(engine, operation)) === 'gone') {
      if (!(await request.consent(operation.plan))) return { kind: 'planned', plan: operation.plan };
      const { observation } = await readyToChange(engine, request.signal);
      operation = await requireOperation(engine.store.read, operation.id);
      if (hasEnded(operation.state)) continue;
      const because = `joined by ${request.actor}`;
      await foretell(engine, request.signal);
      return carryOut(
        engine,
        await claim(engine, operation.id, because, fenceSeen(observation), claimSeen(observation)),
        request,
      );
    }
    if (request.signal.aborted) return { kind: 'ran', operation, by: null };
    await engine.store.changes(250, request.signal);
    await reconcile(engine, request.signal);
    operation = await requireOperation(engine.store.read, operation.id);
  }
}
