import { judge } from '../../src/decide/guard.ts';
import { absorb, beginGuard } from '../../src/decide/guard-state.ts';
import type { ArmDelta, Decision, GuardPolicy, LatencyThresholds } from '../../src/model/evidence.ts';
import { type CountersReading, latencyBuckets } from '../../src/model/hosting.ts';
import type { OperationEvent } from '../../src/model/operation.ts';

export const policy: GuardPolicy = {
  alpha: 0.01,
  tolerate: 1.25,
  deadline: 60_000,
  onUndecided: 'pause',
  detect: 5,
  smallestRate: 0.01,
  warmup: 2,
  interval: 1_000,
};

const thresholds: LatencyThresholds = { 'latency-p50': 50, 'latency-p90': 54, 'latency-p99': 60 };

export function arm(requests: number, errors: number, wrong: number, slow: number): ArmDelta {
  const fast = requests - slow;
  return {
    requests,
    errors,
    unanswered: 0,
    right: requests - errors - wrong,
    wrong,
    latency: Array.from({ length: latencyBuckets.length + 1 }, (_, bucket) => (bucket === 30 ? fast : bucket === 70 ? slow : 0)),
  };
}

/** What arrived in each interval, of the canary and of the stable version. */
export type Traffic = (interval: number) => { readonly canary: ArmDelta; readonly baseline: ArmDelta };

/** Errors, wrong answers and slow ones from the fifth interval on. */
export const regressing: Traffic = (interval) => ({
  canary: interval < 5 ? arm(20, 0, 1, 0) : arm(20, interval % 3 === 0 ? 2 : 1, 9, 1),
  baseline: arm(180, interval % 4 === 0 ? 1 : 0, 14, 2),
});

/** Hardly any traffic, and none of it labelled. */
export const scarce: Traffic = (interval) => {
  const unlabelled = (requests: number): ArmDelta => ({ ...arm(requests, 0, 0, 0), right: 0 });
  return { canary: unlabelled(interval % 2), baseline: unlabelled(9) };
};

export interface Watched {
  readonly events: readonly (readonly [at: number, events: readonly OperationEvent[]])[];
  readonly decision: Decision;
  readonly end: number;
  /** Cumulative requests at the end. */
  readonly canary: number;
  readonly baseline: number;
}

/** A guard's journal, made by the guard's own functions: it begins at `start` and looks every second until it decides. */
export function watch(
  start: number,
  step: number,
  traffic: Traffic,
  options: { readonly policy?: GuardPolicy; readonly baselineBefore?: number; readonly late?: number } = {},
): Watched {
  const rules = options.policy ?? policy;
  const before = options.baselineBefore ?? 5_000;
  const weights = { '1.2.0': 90, '1.3.0': 10 };
  let state = beginGuard(thresholds);
  let [canary, baseline] = [0, before];
  const reading = (at: number, interval: number): CountersReading => ({
    at,
    epoch: 1,
    arms: { '1.3.0': counters(canary), '1.2.0': counters(baseline) },
    labels: { scored: interval * 150, unknown: 0, duplicate: 0, late: (options.late ?? 0) * interval, malformed: 0 },
    refused: 0,
  });
  const until = start + rules.deadline;
  const events: [number, readonly OperationEvent[]][] = [
    [start, [{ kind: 'guarded', step, policy: rules, state, reading: reading(start, 0), until }]],
  ];
  for (let index = 1; ; index += 1) {
    const at = start + index * rules.interval;
    const seen = traffic(index);
    const interval = { id: index, from: at - rules.interval, to: at, ...seen };
    [canary, baseline] = [canary + seen.canary.requests, baseline + seen.baseline.requests];
    state = absorb(state, interval, rules);
    const decision = judge(state, rules, {
      now: at,
      startedAt: start,
      stageEndsAt: until,
      failed: null,
      version: '1.3.0',
      stable: '1.2.0',
    });
    const evidence: OperationEvent = {
      kind: 'evidence',
      interval,
      state,
      reading: reading(at, index),
      summary: { weights, logE: state.fused },
    };
    if (decision.action === 'wait') events.push([at, [evidence]]);
    else {
      events.push([at, [evidence, { kind: 'decided', decision }]]);
      return { events, decision, end: at, canary, baseline };
    }
  }
}

function counters(requests: number): CountersReading['arms'][string] {
  return { requests, errors: 0, unanswered: 0, latency: [], labels: { right: 0, wrong: 0 } };
}
