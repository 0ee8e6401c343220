import type { GuardPolicy, GuardState } from '../model/evidence.ts';
import { metrics, stateOf } from '../detect/metrics.ts';
import { ratioLogE } from '../detect/sequential/ratio-e-process.ts';
import { fusedLogE } from './guard-state.ts';

/** A guard that watched the same version before. */
export interface EarlierGuard {
  readonly operation: string;
  readonly policy: GuardPolicy;
  readonly state: GuardState;
}

/**
 * A new try of a version goes on with the evidence of the last one: alpha is then the chance of a false rollback over all tries
 * together. Counts and warm-up begin anew, so a pass is earned by the traffic of this try. Nothing is carried over what was asked differently
 * (another tolerated ratio, limit or dispersion), nor where the evidence was enough: then a person has lifted the quarantine since, and
 * grants a budget anew.
 */
export function carryOver(fresh: GuardState, policy: GuardPolicy, earlier: EarlierGuard | null): GuardState {
  if (!earlier || !sameQuestion(policy, earlier.policy)) return fresh;
  const { state } = earlier;
  if (state.highest >= Math.log(1 / earlier.policy.alpha)) return fresh;
  const carried = Object.fromEntries(
    metrics.map((metric) => {
      const { logLikelihoods } = stateOf(state, metric);
      return [metric.name, { ...stateOf(fresh, metric), logLikelihoods, highest: Math.max(0, ratioLogE(logLikelihoods)) }];
    }),
  ) as unknown as GuardState['metrics'];
  const fused = fusedLogE(carried, policy);
  return {
    ...fresh,
    metrics: carried,
    fused,
    highest: Math.max(state.highest, fused),
    carried: { operation: earlier.operation, try: (state.carried?.try ?? 1) + 1, logE: fused },
  };
}

function sameQuestion(one: GuardPolicy, other: GuardPolicy): boolean {
  return (
    one.tolerate === other.tolerate &&
    (one.limit ?? null) === (other.limit ?? null) &&
    (one.dispersion ?? 1) === (other.dispersion ?? 1)
  );
}
