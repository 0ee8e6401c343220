import type { Weights } from '../model/observation.ts';
import { byVersion } from '../model/fresh.ts';
import type { Engine } from './engine.ts';

const again = 100;

/**
 * The share that each version really has, under this fence. Where fences are checked, a write that somebody left on its way has landed
 * or is refused from then on, and a reading that shows a lower fence is older than that: it is taken again. Null where nothing serves.
 */
export async function sharesInForce({ world, clock }: Engine, fence: number, signal: AbortSignal): Promise<Weights | null> {
  if (!world) return null;
  for (;;) {
    const reading = await world.traffic.read(signal);
    if (!world.traffic.can.fence || reading.fence >= fence) return byVersion(reading.weights);
    await clock.wait(again, signal);
    signal.throwIfAborted();
  }
}
