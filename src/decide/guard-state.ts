import type {
  ArmDelta,
  GuardPolicy,
  GuardState,
  Interval,
  LatencyThresholds,
  MetricName,
  MetricState,
} from '../model/evidence.ts';
import { type Metric, metrics } from '../detect/metrics.ts';
import { fuse } from '../detect/sequential/fuse.ts';
import { extendRatio, ratioLogE } from '../detect/sequential/ratio-e-process.ts';

/** Before the first interval. The thresholds are fixed by now, from what the stable version did before the canary had traffic. */
export function beginGuard(thresholds: LatencyThresholds): GuardState {
  const none = { bad: 0, of: 0 };
  const state = (metric: Metric): MetricState => ({
    logLikelihoods: metric.grid.map(() => 0),
    highest: 0,
    canary: none,
    baseline: none,
  });
  return {
    shape: 1,
    lastIntervalId: 0,
    warmedUp: 0,
    consumed: 0,
    metrics: Object.fromEntries(metrics.map((metric) => [metric.name, state(metric)])) as Record<MetricName, MetricState>,
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
  if (!sound(interval.canary) || !sound(interval.baseline)) return { ...seen, dropped: state.dropped + 1 };
  const { canary, baseline } = interval;
  const quiet = canary.requests === 0 || baseline.requests === 0 ? state.quiet + 1 : 0;
  const answered = canary.requests - canary.unanswered;
  const unansweredInARow = answered > 0 ? 0 : state.unansweredInARow + canary.unanswered;
  const watched: GuardState = { ...seen, quiet, unansweredInARow, lastAt: interval.to };
  if (state.warmedUp < policy.warmup) return { ...watched, warmedUp: state.warmedUp + 1 };
  const next = Object.fromEntries(
    metrics.map((metric) => [metric.name, extend(metric, state.metrics[metric.name], interval, state.thresholds, policy)]),
  ) as Record<MetricName, MetricState>;
  const fused = fuse(metrics.map(({ name, weight }) => ({ weight, logE: ratioLogE(next[name].logLikelihoods) })));
  return {
    ...watched,
    metrics: next,
    fused,
    highest: Math.max(state.highest, fused),
    consumed: state.consumed + (quiet > 0 ? 0 : 1),
  };
}

function extend(
  metric: Metric,
  state: MetricState,
  { canary, baseline }: Interval,
  thresholds: LatencyThresholds,
  policy: GuardPolicy,
): MetricState {
  const counts = { canary: metric.count(canary, thresholds), baseline: metric.count(baseline, thresholds) };
  const logLikelihoods = extendRatio(state.logLikelihoods, counts, metric.tolerate ?? policy.tolerate, metric.grid);
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
function sound(arm: ArmDelta): boolean {
  const counts = [arm.requests, arm.errors, arm.unanswered, arm.right, arm.wrong, ...arm.latency];
  return counts.every((count) => Number.isFinite(count) && count >= 0) && arm.errors + arm.unanswered <= arm.requests;
}
