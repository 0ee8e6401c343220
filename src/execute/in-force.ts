import { byVersion } from '../model/fresh.ts';
import type { Weights } from '../model/observation.ts';
import type { Operation } from '../model/operation.ts';
import { changeShares } from '../registry/shares.ts';
import type { Transacted } from '../store/store.ts';
import type { Engine } from './engine.ts';

const again = 100;

/**
 * For an operation that ends or stands still where its next step would move traffic: what lets the registry know which shares are in
 * force, in the transaction that says so. A process of it, or of one that it pushed aside, may have died between a write and its journal.
 */
export async function sharesInForce(
  engine: Engine,
  operation: Operation,
  signal: AbortSignal,
): Promise<(transaction: Transacted, at: number) => Promise<void>> {
  const { id, service, fence, actor, reason } = operation;
  const weights = await read(engine, fence, signal);
  return async (transaction, at) => {
    if (weights) await changeShares(transaction, { service, at, weights, requests: {}, operation: id, actor, reason });
  };
}

/**
 * Where fences are checked, a write that was left on its way has landed or is refused once the record has ours, and a reading that shows
 * a lower one is older than that: it is taken again. Null where nothing serves.
 */
async function read({ world, clock }: Engine, fence: number, signal: AbortSignal): Promise<Weights | null> {
  if (!world) return null;
  for (;;) {
    const reading = await world.traffic.read(signal);
    if (!world.traffic.can.fence || reading.fence >= fence) return byVersion(reading.weights);
    await clock.wait(again, signal);
    signal.throwIfAborted();
  }
}
