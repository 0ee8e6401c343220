import { byVersion } from '../model/fresh.ts';
import type { Weights } from '../model/observation.ts';
import type { Operation } from '../model/operation.ts';
import { changeShares } from '../registry/shares.ts';
import type { Transacted } from '../store/store.ts';
import type { Engine } from './engine.ts';

const again = 100;
/** Longer than any reading lags behind. */
const mostLag = 5_000;

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
 * A reading under our fence is of after our claim; one that shows a lower one may be older, and is taken again for a while: not everything
 * that brings requests shows the fence of the record. Null where nothing serves.
 */
async function read({ world, clock }: Engine, fence: number, signal: AbortSignal): Promise<Weights | null> {
  if (!world) return null;
  const deadline = clock.monotonic() + mostLag;
  for (;;) {
    const reading = await world.traffic.read(signal);
    if (reading.fence >= fence || clock.monotonic() >= deadline) return byVersion(reading.weights);
    await clock.wait(again, signal);
    signal.throwIfAborted();
  }
}
