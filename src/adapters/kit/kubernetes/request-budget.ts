import type { Clock } from '../../../ports/clock.ts';

/** Resolves when one more request may be sent. */
export type RequestBudget = (signal: AbortSignal) => Promise<void>;

/**
 * At most `burst` requests at once and `rate` a second in the long run, in the order in which they asked: an API server is everybody's,
 * and a thousand services that go back at once must not take it from them.
 */
export function requestBudget(rate: number, burst: number, clock: Clock): RequestBudget {
  /** The moment up to which the budget is spent: each request moves it on by the time that one costs. */
  let spent = Number.NEGATIVE_INFINITY;
  return async (signal) => {
    const now = clock.monotonic();
    spent = Math.max(spent, now - (burst * 1000) / rate) + 1000 / rate;
    const wait = spent - now;
    if (wait > 0) await clock.wait(wait, signal);
    signal.throwIfAborted();
  };
}
