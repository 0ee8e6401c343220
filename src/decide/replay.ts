import type { Decision, GuardPolicy } from '../model/evidence.ts';
import type { Recording } from '../model/recording.ts';
import { dispersionOf } from '../detect/sequential/dispersion.ts';
import { argoRule, type Firing, fixedThreshold } from './fixed-rules.ts';
import { judge } from './guard.ts';
import { absorb, beginGuard } from './guard-state.ts';

/** What one rule would have done with a recorded run. */
export interface ReplayedRule {
  readonly kind: 'sofare' | 'argo-1m' | 'argo-5m' | 'threshold';
  /** What it did when it fired; stands: it never did. */
  readonly action: 'roll back' | 'pause' | 'stands';
  /** End of the interval with which it fired, the time from the beginning until then, and the canary's requests by then. */
  readonly fired: { readonly at: number; readonly after: number; readonly requests: number } | null;
  readonly because: string;
}

export interface Replay {
  readonly policy: GuardPolicy;
  /** Rate of errors that the fixed rules allow. */
  readonly threshold: number;
  readonly rules: readonly ReplayedRule[];
  /** How many of the stable version's errors come at once, by the run itself; null: too few to tell. */
  readonly dispersion: number | null;
}

const policyOfNobody: GuardPolicy = {
  alpha: 0.01,
  tolerate: 1.25,
  deadline: Number.MAX_SAFE_INTEGER,
  onUndecided: 'pause',
  detect: 5,
  smallestRate: 0.01,
  warmup: 0,
  interval: 60_000,
  limit: null,
  dispersion: 1,
};

/** Decides a recorded run again by each rule. `changed`: where the policy is to differ from the one that it was judged by. */
export function replay(recording: Recording, changed: Partial<GuardPolicy>, threshold: number): Replay {
  const { intervals } = recording;
  const first = intervals[0];
  const policy: GuardPolicy = {
    ...policyOfNobody,
    ...(recording.policy ?? { interval: first ? first.to - first.from : policyOfNobody.interval }),
    // When it was over then says nothing about when it would have been decided.
    deadline: Number.MAX_SAFE_INTEGER,
    ...changed,
  };
  const fixed = (kind: ReplayedRule['kind'], firing: Firing | null): ReplayedRule => ({
    kind,
    action: firing ? 'roll back' : 'stands',
    fired: firing && firedAt(recording, firing.interval),
    because: firing?.because ?? `it allows ${percent(threshold)}, and that was never passed often enough`,
  });
  return {
    policy,
    threshold,
    rules: [
      ours(recording, policy),
      fixed('argo-1m', argoRule(intervals, { window: 60_000, limit: threshold, failureLimit: 3 })),
      fixed('argo-5m', argoRule(intervals, { window: 300_000, limit: threshold, failureLimit: 3 })),
      fixed('threshold', fixedThreshold(intervals, threshold)),
    ],
    dispersion: dispersionOf(intervals.map(({ baseline }) => baseline.errors + baseline.unanswered)),
  };
}

/** By the guard's own functions, so that what is said here is what it would have done. */
function ours(recording: Recording, policy: GuardPolicy): ReplayedRule {
  const { intervals, thresholds, version, stable } = recording;
  const decide = (at: number, stageEndsAt: number): Decision =>
    judge(state, policy, { now: at, startedAt: intervals[0]?.from ?? 0, stageEndsAt, failed: null, version, stable });
  let state = beginGuard(thresholds);
  for (const [index, interval] of intervals.entries()) {
    // Several guards of one version number their intervals anew.
    state = absorb(state, { ...interval, id: index + 1 }, policy);
    const { action, because } = decide(interval.to, Number.POSITIVE_INFINITY);
    if (action === 'roll back' || action === 'pause')
      return { kind: 'sofare', action, fired: firedAt(recording, index), because };
  }
  const end = intervals.at(-1)?.to ?? 0;
  const { action, because } = decide(end, end);
  return { kind: 'sofare', action: 'stands', fired: null, because: action === 'promote' ? because : `undecided: ${because}` };
}

function firedAt({ intervals }: Recording, index: number): ReplayedRule['fired'] {
  const at = intervals[index]?.to ?? 0;
  const requests = intervals.slice(0, index + 1).reduce((sum, { canary }) => sum + canary.requests, 0);
  return { at, after: at - (intervals[0]?.from ?? 0), requests };
}

function percent(rate: number): string {
  return `${Number((100 * rate).toPrecision(3))} %`;
}
