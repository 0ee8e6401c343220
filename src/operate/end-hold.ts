import type { Engine } from '../execute/engine.ts';
import { liftHold } from '../registry/hold.ts';
import type { Request } from './request.ts';

/** Whoever brings a version in and overrides the hold ends it: else the change would stand still at its first step. */
export async function endHold(engine: Engine, request: Request): Promise<void> {
  await engine.store.transaction(
    'unhold',
    (transaction, at) => liftHold(transaction, engine.service.name, request.actor, request.reason, at),
    engine.service.name,
  );
}
