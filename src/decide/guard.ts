import type { Decision, GuardPolicy, GuardState, MetricEvidence } from '../model/evidence.ts';
import { judgedBy, stateOf } from '../detect/metrics.ts';
import { ratioLogE } from '../detect/sequential/ratio-e-process.ts';
import { splitIsWrong } from '../detect/sequential/sample-ratio.ts';
import { day } from './bets.ts';
import { neededExposure } from './needed-exposure.ts';
import { accusation, passing, undecided, waiting, wrongSplit } from './guard-sentences.ts';

/** What a decision looks at beside the evidence. */
export interface GuardSituation {
  readonly now: number;
  /**
   * When the newest interval was consumed, by the clock that `now` is of: the counters are another's, whose clock may be elsewhere. Absent: their
   * clocks are one.
   */
  readonly heardAt?: number | null;
  readonly startedAt: number;
  /** Before this the version is not passed on, however healthy. */
  readonly stageEndsAt: number;
  /** Why the version has failed outright: not ready, crash-looping. Null: it has not. */
  readonly failed: string | null;
  readonly version: string;
  readonly stable: string;
}

/** Bad units that must be seen before anything is rolled back by statistics, and units before a rate means something. */
const fewestBad = 5;
const fewestUnits = 50;
/** Requests without any answer, in a row, after which a version counts as silent. */
const silent = 5;
/** An interval older than this many says nothing about now. */
const stale = 2;

/** What to do after an interval: promote, wait, pause or roll back, with the sentence that says why. */
export function judge(state: GuardState, policy: GuardPolicy, situation: GuardSituation): Decision {
  const found = evidenceOf(state, policy);
  const bar = Math.log(1 / policy.alpha);
  const needed = neededExposure(state, policy);
  const had = state.metrics.errors.canary.of;
  const decision = (
    action: Decision['action'],
    verdict: Decision['verdict'],
    cause: Decision['cause'],
    because: string,
  ): Decision => ({
    action,
    verdict,
    cause,
    because,
    metrics: found,
    logE: state.highest,
    bar,
    exposure: { had, needed },
  });
  const failed =
    situation.failed ??
    (state.unansweredInARow >= silent ? `${state.unansweredInARow} requests were sent to it and none was answered` : null);
  if (failed) return decision('roll back', 'regressed', 'failed', `${situation.version} has failed: ${failed}`);
  const heardAt = situation.heardAt ?? state.lastAt;
  const fresh = heardAt !== null && situation.now - heardAt <= stale * policy.interval + policy.interval;
  const worst = mostGuilty(found);
  if (state.highest >= bar && fresh && worst && convincing(worst, policy))
    return decision('roll back', 'regressed', 'evidence', accusation(worst, state, policy, situation));
  if (state.split && splitIsWrong(state.split))
    return decision('pause', 'inconclusive', 'split', wrongSplit(state.split, state, situation));
  const enough = had >= needed && state.consumed >= 2 && state.quiet === 0 && fresh;
  if (enough && situation.now >= situation.stageEndsAt && state.highest < bar) {
    return decision('promote', 'healthy', 'evidence', passing(had, state, policy, situation));
  }
  if (situation.now - situation.startedAt >= policy.deadline)
    return decision(
      policy.onUndecided === 'abort' ? 'roll back' : 'pause',
      'inconclusive',
      'deadline',
      undecided(state, had, needed),
    );
  return decision('wait', 'inconclusive', 'none', waiting(state, had, needed));
}

function evidenceOf(state: GuardState, policy: GuardPolicy): readonly MetricEvidence[] {
  return judgedBy(policy).map((metric) => {
    const { name, weight } = metric;
    const { canary, baseline, highest, logLikelihoods } = stateOf(state, metric);
    const bar = Math.log(1 / (policy.alpha * weight));
    const share = Math.exp(Math.log(weight) + ratioLogE(logLikelihoods) - state.fused);
    return { metric: name, canary, baseline, logE: highest, bar, share, significant: highest >= bar };
  });
}

function mostGuilty(found: readonly MetricEvidence[]): MetricEvidence | null {
  return found.reduce<MetricEvidence | null>((worst, each) => (worst === null || each.share > worst.share ? each : worst), null);
}

/** Guards of small numbers. Each can only keep a rollback from happening, so the bound on false ones stands. */
function convincing({ metric, canary, baseline }: MetricEvidence, policy: GuardPolicy): boolean {
  const rate = canary.of > 0 ? canary.bad / canary.of : 0;
  const stable = baseline.of > 0 ? baseline.bad / baseline.of : 0;
  const allowed = fixedRate(metric, policy) ?? policy.tolerate * stable;
  return canary.bad >= fewestBad && (canary.of >= fewestUnits || rate >= 0.5) && rate >= allowed;
}

/** The rate that a metric is held against whatever the stable version does, or null. */
function fixedRate(metric: MetricEvidence['metric'], { limit, restarts }: GuardPolicy): number | null {
  if (metric === 'limit') return limit ?? 0;
  return metric === 'restarts' && typeof restarts === 'number' ? restarts / day : null;
}
