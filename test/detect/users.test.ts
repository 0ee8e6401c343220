import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Chance } from '../../bench/judge/chance.ts';
import { allowed } from '../../bench/judge/simulate.ts';
import { judge } from '../../src/decide/guard.ts';
import { absorb, beginGuard } from '../../src/decide/guard-state.ts';
import type { ArmDelta, GuardPolicy } from '../../src/model/evidence.ts';

const policy: GuardPolicy = {
  alpha: 0.01,
  tolerate: 1,
  deadline: Number.MAX_SAFE_INTEGER,
  onUndecided: 'pause',
  detect: 5,
  smallestRate: 0.01,
  warmup: 0,
  interval: 60_000,
};

interface User {
  readonly canary: boolean;
  readonly perMinute: number;
  readonly failing: number;
  seen: boolean;
  failed: boolean;
}

/** Every twentieth user fails with every request; a few send many. Each stays with the version it was given to by chance. */
function population(chance: Chance): readonly User[] {
  return Array.from({ length: 400 }, () => ({
    canary: chance.uniform() < 0.1,
    perMinute: 0.3 * Math.exp(1.2 * chance.normal()),
    failing: chance.uniform() < 0.05 ? 1 : 0.002,
    seen: false,
    failed: false,
  }));
}

/** Whether a guard takes the canary back within half an hour, counting users or requests. */
function takenBack(chance: Chance, worse: number): { readonly byUser: boolean; readonly byRequest: boolean } {
  const users = population(chance);
  const none = beginGuard({ 'latency-p50': null, 'latency-p90': null, 'latency-p99': null });
  let [byUser, byRequest] = [none, none];
  const fired = { byUser: false, byRequest: false };
  for (let minute = 0; minute < 30; minute += 1) {
    const arms = [0, 1].map(() => ({ requests: 0, errors: 0, seen: 0, bad: 0 }));
    for (const user of users) {
      const requests = chance.poisson(user.perMinute);
      if (requests === 0) continue;
      const arm = arms[user.canary ? 0 : 1]!;
      const errors = chance.binomial(requests, Math.min(1, user.failing * (user.canary ? worse : 1)));
      arm.requests += requests;
      arm.errors += errors;
      if (!user.seen) arm.seen += 1;
      user.seen = true;
      if (errors > 0 && !user.failed) arm.bad += 1;
      if (errors > 0) user.failed = true;
    }
    const [canary, baseline] = arms.map(
      ({ requests, errors, ...units }): ArmDelta & { units: { seen: number; bad: number } } => ({
        requests,
        errors,
        unanswered: 0,
        latency: [],
        right: 0,
        wrong: 0,
        units,
      }),
    );
    const to = (minute + 1) * 60_000;
    const interval = { id: minute + 1, from: to - 60_000, to, canary: canary!, baseline: baseline!, share: 0.1 };
    const { units: _, ...one } = canary!;
    const { units: __, ...other } = baseline!;
    byUser = absorb(byUser, interval, policy);
    byRequest = absorb(byRequest, { ...interval, canary: one, baseline: other }, policy);
    const situation = { now: to, startedAt: 0, stageEndsAt: Infinity, failed: null, version: 'new', stable: 'old' };
    fired.byUser ||= judge(byUser, policy, situation).action === 'roll back';
    fired.byRequest ||= judge(byRequest, policy, situation).action === 'roll back';
  }
  return fired;
}

test('users who fail again and again, and stay with one version, break the bound by request and keep it by user', () => {
  const chance = new Chance(90);
  const runs = Array.from({ length: 300 }, () => takenBack(chance, 1));
  const part = (of: 'byUser' | 'byRequest'): number => runs.filter((run) => run[of]).length / runs.length;
  assert.ok(part('byRequest') > 0.1, `by request ${part('byRequest')}`);
  assert.ok(part('byUser') <= allowed(policy.alpha, runs.length), `by user ${part('byUser')}`);
});

test('a canary that fails more users is found by user', () => {
  const chance = new Chance(91);
  const runs = Array.from({ length: 40 }, () => takenBack(chance, 60));
  assert.ok(runs.filter(({ byUser }) => byUser).length > 30);
});
