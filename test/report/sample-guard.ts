import { beginGuard } from '../../src/decide/guard-state.ts';
import type { Decision, GuardPolicy, GuardState } from '../../src/model/evidence.ts';
import type { CountersReading } from '../../src/model/hosting.ts';
import { created, deployPlan, done, intended, start, type Told } from './sample-operations.ts';

export const policy: GuardPolicy = {
  alpha: 0.01,
  tolerate: 1.25,
  deadline: 1_800_000,
  onUndecided: 'pause',
  detect: 5,
  smallestRate: 0.01,
  warmup: 2,
  interval: 1_000,
};

const reading: CountersReading = {
  at: start,
  epoch: 1,
  arms: {},
  labels: { scored: 0, unknown: 0, duplicate: 0, late: 0, malformed: 0 },
  refused: 0,
};
const fresh = beginGuard({ 'latency-p50': 40, 'latency-p90': 50, 'latency-p99': null });

/** A canary whose errors climb: after so many intervals. */
export function guardState(intervals: number): GuardState {
  const of = 60 * intervals;
  const errors = {
    ...fresh.metrics.errors,
    highest: intervals * 0.55,
    canary: { bad: Math.floor(of * 0.041), of },
    baseline: { bad: Math.floor(of * 0.036), of: 9 * of },
  };
  const slow = {
    ...fresh.metrics['latency-p50'],
    highest: 0.2,
    canary: { bad: Math.floor(of / 9), of },
    baseline: { bad: of, of: 9 * of },
  };
  return {
    ...fresh,
    lastIntervalId: intervals,
    consumed: intervals,
    highest: intervals * 0.5,
    fused: intervals * 0.5,
    lastAt: start + 1_800 + intervals * 1_000,
    metrics: { ...fresh.metrics, errors, 'latency-p50': slow },
  };
}

export const verdict: Decision = {
  action: 'roll back',
  verdict: 'regressed',
  cause: 'evidence',
  because: 'errors of 1.3.0 4.1 % against 0.4 % of 1.2.0, over 720 and 6,480: evidence 403 to 1, 100 to 1 needed',
  metrics: [],
  logE: 6,
  bar: Math.log(100),
  exposure: { had: 720, needed: 1_300 },
};

const arm = { requests: 60, errors: 2, unanswered: 0, latency: [], right: 0, wrong: 0 };

/** A guarded canary that regresses. */
export const guardTold: readonly Told[] = [
  [0, created(deployPlan)],
  [2, intended(0)],
  [1_700, done(0)],
  [1_702, intended(1)],
  [1_760, done(1)],
  [1_800, { kind: 'guarded', step: 2, policy, state: fresh, reading, until: start + 61_800 }],
  ...Array.from({ length: 12 }, (_, index): Told => {
    const at = 2_800 + index * 1_000;
    const interval = { id: index + 1, from: start + at - 1_000, to: start + at, canary: arm, baseline: arm };
    return [
      at,
      {
        kind: 'evidence',
        interval,
        state: guardState(index + 1),
        reading,
        summary: { weights: { '1.2.0': 90, '1.3.0': 10 }, logE: (index + 1) * 0.5 },
      },
    ];
  }),
  [13_801, { kind: 'decided', decision: verdict }],
];
