import type { Decision, GuardPolicy, GuardState, MetricEvidence, MetricState } from '../model/evidence.ts';
import { metrics } from '../detect/metrics.ts';
import { ratioLogE, wideGrid } from '../detect/sequential/ratio-e-process.ts';

/** What a decision looks at beside the evidence. */
export interface GuardSituation {
  readonly now: number;
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
  const fresh = state.lastAt !== null && situation.now - state.lastAt <= stale * policy.interval + policy.interval;
  const worst = mostGuilty(found);
  if (state.highest >= bar && fresh && worst && convincing(worst, policy))
    return decision('roll back', 'regressed', 'evidence', accusation(worst, state, policy, situation));
  const enough = had >= needed && state.consumed >= 2 && state.quiet === 0 && fresh;
  if (enough && situation.now >= situation.stageEndsAt && state.highest < bar) {
    return decision(
      'promote',
      'healthy',
      'evidence',
      `${situation.version} did no worse than ${situation.stable} over ${count(had)} requests; a ${policy.detect}-fold rise of errors would most likely have shown${unjudged(state)}`,
    );
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
  return metrics.map(({ name, weight }) => {
    const { canary, baseline, highest, logLikelihoods } = state.metrics[name];
    const bar = Math.log(1 / (policy.alpha * weight));
    const share = Math.exp(Math.log(weight) + ratioLogE(logLikelihoods) - state.fused);
    return { metric: name, canary, baseline, logE: highest, bar, share, significant: highest >= bar };
  });
}

function mostGuilty(found: readonly MetricEvidence[]): MetricEvidence | null {
  return found.reduce<MetricEvidence | null>((worst, each) => (worst === null || each.share > worst.share ? each : worst), null);
}

/** What a pass says nothing about. */
function unjudged({ thresholds, metrics: seen }: GuardState): string {
  const without = [
    ...(Object.values(thresholds).every((threshold) => threshold === null) ? ['slow answers'] : []),
    ...(seen.answers.canary.of === 0 ? ['wrong answers'] : []),
  ];
  return without.length === 0 ? '' : `; ${without.join(' and ')} were not judged`;
}

/** Guards of small numbers. Each can only keep a rollback from happening, so the bound on false ones stands. */
function convincing({ canary, baseline }: MetricEvidence, policy: GuardPolicy): boolean {
  const rate = canary.of > 0 ? canary.bad / canary.of : 0;
  const stable = baseline.of > 0 ? baseline.bad / baseline.of : 0;
  return canary.bad >= fewestBad && (canary.of >= fewestUnits || rate >= 0.5) && rate >= policy.tolerate * stable;
}

/**
 * Requests that a pass needs: enough to see a rise of the bad rate by `detect` with a power of about 0.8,
 * (ln(1/alpha) + ln J + 1) / (p (r ln r - (r - 1))), with p the stable version's rate, at least `smallestRate`.
 */
function neededExposure(state: GuardState, policy: GuardPolicy): number {
  const { baseline } = state.metrics.errors;
  const rate = Math.max(baseline.of > 0 ? baseline.bad / baseline.of : 0, policy.smallestRate);
  const ratio = policy.detect;
  return Math.ceil(
    (Math.log(1 / policy.alpha) + Math.log(wideGrid.length) + 1) / (rate * (ratio * Math.log(ratio) - (ratio - 1))),
  );
}

const nouns: Readonly<Record<MetricEvidence['metric'], string>> = {
  'errors': 'errors',
  'latency-p50': 'slow answers (over twice the median)',
  'latency-p90': 'slow answers (over twice the 90th percentile)',
  'latency-p99': 'slow answers (over twice the 99th percentile)',
  'answers': 'wrong answers',
};

function accusation(worst: MetricEvidence, state: GuardState, policy: GuardPolicy, { version, stable }: GuardSituation): string {
  const { canary, baseline, metric } = worst;
  const odds = count(Math.round(Math.exp(Math.min(state.highest, 20))));
  return `${nouns[metric]} of ${version} ${percent(canary)} against ${percent(baseline)} of ${stable}, over ${count(canary.of)} and ${count(baseline.of)}: evidence ${state.highest > 20 ? 'over ' : ''}${odds} to 1, ${count(Math.round(1 / policy.alpha))} to 1 needed`;
}

function undecided(state: GuardState, had: number, needed: number): string {
  return `the time is over and nothing is decided: ${waiting(state, had, needed)}`;
}

function waiting(state: GuardState, had: number, needed: number): string {
  if (state.quiet >= 3) return `no requests reached one of the two versions in the last ${state.quiet} intervals`;
  if (had < needed) return `${count(had)} of ${count(needed)} requests that a pass needs`;
  return 'no evidence against it so far';
}

function percent({ bad, of }: MetricState['canary']): string {
  return of === 0 ? 'unknown' : `${((100 * bad) / of).toFixed(1)} %`;
}

function count(number: number): string {
  return number.toLocaleString('en-US');
}
