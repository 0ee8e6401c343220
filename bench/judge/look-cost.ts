import { judge } from '../../src/decide/guard.ts';
import { absorb, beginGuard } from '../../src/decide/guard-state.ts';
import type { ArmDelta, GuardPolicy, Interval } from '../../src/model/evidence.ts';
import { latencyBuckets } from '../../src/model/hosting.ts';

const looks = 20_000;
const policy: GuardPolicy = {
  alpha: 0.01,
  tolerate: 1.25,
  limit: 0.05,
  paired: true,
  deadline: Number.MAX_SAFE_INTEGER,
  onUndecided: 'pause',
  detect: 5,
  smallestRate: 0.01,
  warmup: 0,
  interval: 10_000,
};

/** Microseconds of processor for one look at a service with all eight metrics, the split watched too; and the bytes of its state. */
export function lookCost(): { readonly microseconds: number; readonly bytes: number } {
  const latency = Array.from({ length: latencyBuckets.length + 1 }, (_, bucket) => (bucket === 30 ? 500 : bucket === 70 ? 5 : 0));
  const arm = (requests: number, errors: number): ArmDelta => ({
    requests,
    errors,
    unanswered: 0,
    latency,
    right: requests - 1,
    wrong: 1,
    sent: requests,
    copies: { ended: 0, seconds: 20 },
    pairs: { of: 10, wrong: 1, alone: 0 },
  });
  let state = beginGuard({ 'latency-p50': 40, 'latency-p90': 50, 'latency-p99': 60 });
  const begun = process.cpuUsage();
  for (let id = 1; id <= looks; id += 1) {
    const to = id * policy.interval;
    const counts: Pick<Interval, 'canary' | 'baseline'> = { canary: arm(60, id % 3 === 0 ? 1 : 0), baseline: arm(540, 3) };
    state = absorb(state, { id, from: to - policy.interval, to, ...counts, share: 0.1 }, policy);
    judge(state, policy, { now: to, startedAt: 0, stageEndsAt: Infinity, failed: null, version: 'new', stable: 'old' });
  }
  const { user, system } = process.cpuUsage(begun);
  return { microseconds: (user + system) / looks, bytes: JSON.stringify(state).length };
}
