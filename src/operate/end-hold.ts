import type { Engine } from '../execute/engine.ts';
import { liftHold } from '../registry/hold.ts';
import type { Request } from './request.ts';

/** Lets go on whom a rollback made leave the traffic alone. What came of it is said, a sentence each. */
export async function releaseOwner(engine: Engine, signal: AbortSignal): Promise<readonly string[]> {
  return (await engine.world?.owner?.release(signal)) ?? [];
}

/** Whoever brings a version in and overrides the hold ends it: else the change would stand still at its first step. */
export async function endHold(engine: Engine, request: Request): Promise<void> {
  await engine.store.transaction(
    'unhold',
    (transaction, at) => liftHold(transaction, engine.service.name, request.actor, request.reason, at),
    engine.service.name,
  );
  await releaseOwner(engine, request.signal);
}
