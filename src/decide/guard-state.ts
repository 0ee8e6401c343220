import type {
  ArmDelta,
  GuardPolicy,
  GuardState,
  Interval,
  LatencyThresholds,
  MetricName,
  MetricState,
} from '../model/evidence.ts';
import { noPairs } from '../model/pair-counts.ts';
import { judgedBy, type Metric, metrics, stateOf } from '../detect/metrics.ts';
import { fuse } from '../detect/sequential/fuse.ts';
import { ratioLogE } from '../detect/sequential/ratio-e-process.ts';
import { extendSplit } from '../detect/sequential/sample-ratio.ts';
import { bets } from './bets.ts';

/** Before the first interval. The thresholds are fixed by now, from what the stable version did before the canary had traffic. */
export function beginGuard(thresholds: LatencyThresholds): GuardState {
  return {
    shape: 1,
    lastIntervalId: 0,
    warmedUp: 0,
    consumed: 0,
    metrics: eachMetric((metric) => stateOf({ metrics: {} as GuardState['metrics'] }, metric)),
    highest: 0,
    fused: 0,
    thresholds,
    quiet: 0,
    unansweredInARow: 0,
    dropped: 0,
    lastAt: null,
  };
}

/** The state after one interval more. One that was consumed before changes nothing, so a replay after a crash is harmless. */
export function absorb(state: GuardState, interval: Interval, policy: GuardPolicy): GuardState {
  if (interval.id <= state.lastIntervalId) return state;
  const seen: GuardState = { ...state, lastIntervalId: interval.id };
  if (!sound(interval.canary) || !sound(interval.baseline) || (interval.rest?.given ?? 0) < 0)
    return { ...seen, dropped: state.dropped + 1 };
  const { canary, baseline } = interval;
  const quiet = canary.requests === 0 || baseline.requests === 0 ? state.quiet + 1 : 0;
  const answered = canary.requests - canary.unanswered;
  const unansweredInARow = answered > 0 ? 0 : state.unansweredInARow + canary.unanswered;
  const split = splitAfter(state, interval);
  const byUnit = state.byUnit ?? (canary.units !== undefined && baseline.units !== undefined);
  const watched: GuardState = {
    ...seen,
    quiet,
    unansweredInARow,
    lastAt: interval.to,
    ...(split ? { split } : {}),
    ...(byUnit ? { byUnit } : {}),
  };
  if (state.warmedUp < policy.warmup) return { ...watched, warmedUp: state.warmedUp + 1 };
  const next = eachMetric((metric) => extend(metric, stateOf(state, metric), interval, watched, policy));
  const fused = fusedLogE(next, policy, state.carried?.lent);
  return {
    ...watched,
    metrics: next,
    fused,
    highest: Math.max(state.highest, fused),
    consumed: state.consumed + (quiet > 0 ? 0 : 1),
  };
}

/** Log of the weighted average over the metrics that the policy judges by. */
export function fusedLogE(states: GuardState['metrics'], policy: GuardPolicy, lent = 0): number {
  const judged = judgedBy(policy);
  return fuse(
    judged.map((metric) => ({
      weight: metric.weight,
      logE: ratioLogE(stateOf({ metrics: states }, metric).logLikelihoods),
    })),
    lent,
  );
}

function eachMetric(state: (metric: Metric) => MetricState): GuardState['metrics'] {
  return Object.fromEntries(metrics.map((metric) => [metric.name, state(metric)])) as Record<MetricName, MetricState>;
}

function splitAfter({ split }: GuardState, { canary, baseline, share, rest }: Interval): GuardState['split'] {
  // Where users stay with a version it is they who are divided; their requests come together.
  const [toCanary, toBaseline] = [canary.units?.seen ?? canary.sent, baseline.units?.seen ?? baseline.sent];
  if (share === undefined || toCanary === undefined || toBaseline === undefined) return split;
  return extendSplit(split, { share, canary: toCanary, baseline: toBaseline, ...(rest ? { rest } : {}) });
}

function extend(
  metric: Metric,
  state: MetricState,
  interval: Interval,
  watched: Pick<GuardState, 'thresholds' | 'byUnit'>,
  policy: GuardPolicy,
): MetricState {
  const { canary, baseline } = interval;
  const counts = {
    canary: metric.count(canary, watched.thresholds),
    baseline: metric.count(baseline, watched.thresholds),
  };
  const logLikelihoods = bets(metric, state.logLikelihoods, counts, interval, watched, policy);
  const add = (sum: MetricState['canary'], more: MetricState['canary']): MetricState['canary'] => ({
    bad: sum.bad + more.bad,
    of: sum.of + more.of,
  });
  return {
    logLikelihoods,
    highest: Math.max(state.highest, ratioLogE(logLikelihoods)),
    canary: add(state.canary, counts.canary),
    baseline: add(state.baseline, counts.baseline),
  };
}

/** Counters only grow. One that went backwards, or is no number, says nothing about this interval. */
export function sound(arm: ArmDelta): boolean {
  const { seen = 0, bad = 0, reached = [], labelled = 0, wrong = 0 } = arm.units ?? {};
  const paired = [arm.pairs ?? noPairs, arm.units?.pairs ?? noPairs].flatMap((pairs) => [pairs.of, pairs.wrong, pairs.alone]);
  const users = [seen, bad, labelled, wrong, ...reached];
  const counts = [
    arm.requests,
    arm.errors,
    arm.unanswered,
    arm.right,
    arm.wrong,
    arm.sent ?? 0,
    arm.copies?.ended ?? 0,
    arm.copies?.seconds ?? 0,
    ...users,
    ...paired,
    ...arm.latency,
  ];
  return counts.every((count) => Number.isFinite(count) && count >= 0) && arm.errors + arm.unanswered <= arm.requests;
}
