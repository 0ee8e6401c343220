import { judge } from '../decide/guard.ts';
import { type Metric, metrics } from '../detect/metrics.ts';
import type { Decision, MetricEvidence, MetricName } from '../model/evidence.ts';
import type { IncidentEvidence } from './incident-view.ts';
import type { Chapter } from './story.ts';
import type { Watch, WatchedInterval } from './watch.ts';

export interface Decided {
  readonly at: number;
  readonly operation: string;
  readonly decision: Decision;
}

/** The last decision of a guard that was journalled, or null. */
export function lastDecision(chapters: readonly Chapter[]): Decided | null {
  const all = chapters.flatMap(({ operation, journal }) =>
    journal.flatMap(({ at, event }) =>
      event.kind === 'decided' ? [{ at, operation: operation.id, decision: event.decision }] : [],
    ),
  );
  return all.at(-1) ?? null;
}

/** What was known of the version: at the decision, or, where nobody decided, at the end of the last interval. */
export function evidenceOf(
  watch: Watch | null,
  decided: Decided | null,
  versions: { readonly bad: string; readonly good: string | null },
): IncidentEvidence | null {
  if (watch === null) return null;
  const { policy, state, startedAt, intervals } = watch;
  const decision = decided?.decision ?? standing(watch, versions);
  return {
    operation: decided?.operation ?? watch.operation,
    is: decided ? 'decided' : 'standing',
    decision,
    alpha: policy.alpha,
    tolerate: policy.tolerate,
    ...((policy.dispersion ?? 1) > 1 ? { dispersion: policy.dispersion ?? 1 } : {}),
    intervals: state.consumed,
    watched: { from: startedAt, to: intervals.at(-1)?.to ?? startedAt },
    lacking: decision.cause === 'evidence' || decision.cause === 'failed' ? [] : lacking(decision, watch),
  };
}

/** The guard's own judgement of what it had seen, with nothing asked about time. */
function standing(
  { state, policy, startedAt }: Watch,
  { bad, good }: { readonly bad: string; readonly good: string | null },
): Decision {
  const now = state.lastAt ?? startedAt;
  return judge(state, policy, {
    now,
    startedAt: now,
    stageEndsAt: Infinity,
    failed: null,
    version: bad,
    stable: good ?? 'nothing',
  });
}

/** What would have been needed, in the order in which it matters. */
function lacking({ exposure, logE, bar, metrics: found }: Decision, { state, policy }: Watch): readonly string[] {
  const lines: string[] = [];
  if (state.consumed < 2) lines.push(`two intervals with traffic to both versions: there were ${state.consumed}`);
  if (exposure.had < exposure.needed) lines.push(`requests for a pass: ${exposure.had} of ${exposure.needed}`);
  if (logE < bar)
    lines.push(`evidence for a rollback: ${odds(logE)} to 1 of the ${odds(Math.log(1 / policy.alpha))} to 1 that are needed`);
  if (state.quiet > 0)
    lines.push(
      `traffic to both versions: in the last ${state.quiet === 1 ? 'interval' : `${state.quiet} intervals`} one of them had none`,
    );
  const unseen = (name: MetricName): boolean => found.every(({ metric, canary }) => metric !== name || canary.of === 0);
  if (unseen('answers')) lines.push('labels: none arrived, so nothing was known of wrong answers');
  if (unseen('latency-p50')) lines.push('a measure of slow answers: none was fixed before the version had traffic');
  return lines;
}

function odds(logE: number): number {
  return Math.round(Math.exp(Math.min(20, logE)));
}

/** The metric with the largest share of the fused evidence. */
export function decidingMetric({ metrics: found }: Decision): MetricEvidence | null {
  return found.reduce<MetricEvidence | null>((most, each) => (most === null || each.share > most.share ? each : most), null);
}

export interface Onset {
  readonly metric: MetricName;
  /** The first interval in which the version's bad rate was above what is tolerated of the stable version's rate over all intervals. */
  readonly firstBad: WatchedInterval | null;
  /** Ratio to the stable version's rate that is tolerated. */
  readonly tolerate: number;
  /** The first interval with which the evidence was enough. */
  readonly crossed: WatchedInterval | null;
}

/** How a regression came to be seen; null where no evidence decided. */
export function onsetOf({ intervals, policy, state }: Watch, decision: Decision): Onset | null {
  const deciding = decidingMetric(decision);
  if (decision.verdict !== 'regressed' || decision.cause !== 'evidence' || deciding === null) return null;
  const metric = metricOf(deciding.metric);
  const counts = intervals.map((interval) => ({
    interval,
    canary: metric.count(interval.canary, state.thresholds),
    baseline: metric.count(interval.baseline, state.thresholds),
  }));
  const [bad, of] = [
    counts.reduce((all, { baseline }) => all + baseline.bad, 0),
    counts.reduce((all, { baseline }) => all + baseline.of, 0),
  ];
  const tolerate = metric.tolerate ?? policy.tolerate;
  const allowed = of === 0 ? 0 : (tolerate * bad) / of;
  const bar = Math.log(1 / policy.alpha);
  return {
    metric: deciding.metric,
    tolerate,
    firstBad: counts.find(({ canary }) => canary.bad > 0 && canary.bad / canary.of > allowed)?.interval ?? null,
    crossed: intervals.find((interval) => interval.state.highest >= bar) ?? null,
  };
}

export function metricOf(name: MetricName): Metric {
  return metrics.find((metric) => metric.name === name) as Metric;
}
