import type { GuardPolicy, GuardState } from '../model/evidence.ts';
import { judgedBy, stateOf } from '../detect/metrics.ts';
import { neededExposure } from './needed-exposure.ts';

/** What a guard still lacks, in requests of the canary; null where it cannot be said. */
export interface Remaining {
  /** Until it may be passed on. */
  readonly pass: number;
  /** Until it would be rolled back, if it goes on as badly as it did; null: it does not look worse. */
  readonly rollback: number | null;
  /** Requests of the canary a second, over what was watched; null: nothing yet. */
  readonly perSecond: number | null;
}

/**
 * The evidence of a metric grows with requests as it did so far, so that what is missing takes as many more in proportion. An estimate for
 * display, nothing is decided by it.
 */
export function remaining(state: GuardState, policy: GuardPolicy): Remaining {
  const had = state.metrics.errors.canary.of;
  const bar = Math.log(1 / policy.alpha);
  const gained = state.fused - (state.carried?.logE ?? 0);
  const worse = judgedBy(policy).some((metric) => stateOf(state, metric).highest > 0) && gained > 0 && had > 0;
  const seconds = (state.consumed * policy.interval) / 1_000;
  return {
    pass: Math.max(0, neededExposure(state, policy) - had),
    rollback: state.highest >= bar ? 0 : worse ? Math.ceil(((bar - state.fused) * had) / gained) : null,
    perSecond: seconds > 0 ? had / seconds : null,
  };
}
