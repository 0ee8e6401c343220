import { setTimeout as pause } from 'node:timers/promises';

/** Lets queries begin no closer than this, in ms: at most 50 in any second go to one server. */
const apart = 20;

/** Who asks one server, one after the other. */
export class QueryPace {
  #next = 0;

  async turn(signal: AbortSignal): Promise<void> {
    const now = performance.now();
    const at = Math.max(now, this.#next);
    this.#next = at + apart;
    if (at > now) await pause(at - now, undefined, { signal });
  }
}
