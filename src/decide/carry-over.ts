import type { GuardPolicy, GuardState } from '../model/evidence.ts';
import { metrics, stateOf } from '../detect/metrics.ts';
import { logSumExp } from '../detect/sequential/log-sum-exp.ts';
import { ratioLogE } from '../detect/sequential/ratio-e-process.ts';
import { fusedLogE } from './guard-state.ts';

/** A guard that watched the same version before. */
export interface EarlierGuard {
  readonly operation: string;
  readonly policy: GuardPolicy;
  readonly state: GuardState;
}

/** Of each metric's weight the second try gets so much from the reserve, the third half of that: together they never use it up. */
const lentAtFirst = 0.025;

/**
 * A new try of a version goes on with the evidence of the last one: alpha is then the chance of a false rollback over all tries
 * together. A long healthy try would have lost nearly all that was bet, and what goes wrong in the next would not be seen; so each try's bets
 * get a little from the reserve, which is a bet as any other and costs nothing but that. Counts and warm-up begin anew, so a pass is earned
 * by the traffic of this try. Nothing is carried over what was asked differently (another tolerated ratio, limit, dispersion, rate of restarts or baseline, pairs or none), nor
 * where the evidence was enough: then a person has lifted the quarantine since, and grants a budget anew.
 */
export function carryOver(fresh: GuardState, policy: GuardPolicy, earlier: EarlierGuard | null): GuardState {
  if (!earlier || !sameQuestion(policy, earlier.policy)) return fresh;
  const { state } = earlier;
  if (state.highest >= Math.log(1 / earlier.policy.alpha)) return fresh;
  const tried = (state.carried?.try ?? 1) + 1;
  const lent = lentAtFirst / 2 ** (tried - 2);
  const carried = Object.fromEntries(
    metrics.map((metric) => {
      const logLikelihoods = stateOf(state, metric).logLikelihoods.map((each) => logSumExp([each, Math.log(lent)]));
      return [metric.name, { ...stateOf(fresh, metric), logLikelihoods, highest: Math.max(0, ratioLogE(logLikelihoods)) }];
    }),
  ) as unknown as GuardState['metrics'];
  const lentInAll = (state.carried?.lent ?? 0) + lent;
  const fused = fusedLogE(carried, policy, lentInAll);
  return {
    ...fresh,
    metrics: carried,
    fused,
    highest: Math.max(state.highest, fused),
    carried: { operation: earlier.operation, try: tried, logE: fused, lent: lentInAll },
  };
}

function sameQuestion(one: GuardPolicy, other: GuardPolicy): boolean {
  return (
    one.tolerate === other.tolerate &&
    (one.limit ?? null) === (other.limit ?? null) &&
    (one.restarts ?? null) === (other.restarts ?? null) &&
    (one.paired ?? false) === (other.paired ?? false) &&
    (one.dispersion ?? 1) === (other.dispersion ?? 1) &&
    (one.baseline ?? 'stable') === (other.baseline ?? 'stable')
  );
}
