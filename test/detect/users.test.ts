import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Chance } from '../../bench/judge/chance.ts';
import { allowed } from '../../bench/judge/simulate.ts';
import { judge } from '../../src/decide/guard.ts';
import { absorb, beginGuard } from '../../src/decide/guard-state.ts';
import { Counters } from '../../src/host/counters.ts';
import type { GuardPolicy, GuardState, Interval } from '../../src/model/evidence.ts';
import { type CountersReading, latencyBuckets } from '../../src/model/hosting.ts';
import { intervalBetween } from '../../src/verify/interval.ts';

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

/** From 25 ms on an answer is slow here. */
const slowFrom = latencyBuckets.findIndex((edge) => edge >= 25);
const thresholds = { 'latency-p50': null, 'latency-p90': null, 'latency-p99': slowFrom };
const harms = ['errors', 'slow', 'wrong'] as const;
type Harm = (typeof harms)[number];

interface User {
  readonly name: string;
  readonly version: 'new' | 'old';
  readonly perMinute: number;
  readonly chance: number;
}

/** Every twentieth user meets it with every request; a few send many. Each stays with the version it was given to by chance. */
function population(chance: Chance, worse: number): readonly User[] {
  return Array.from({ length: 400 }, (_, index) => {
    const version = chance.uniform() < 0.1 ? 'new' : 'old';
    const perMinute = 0.3 * Math.exp(1.2 * chance.normal());
    const usual = chance.uniform() < 0.05 ? 1 : 0.002;
    return { name: `user ${index}`, version, perMinute, chance: Math.min(1, usual * (version === 'new' ? worse : 1)) };
  });
}

/** One request, as the host counts it. */
function serve(counters: Counters, { name, version }: User, bad: boolean, harm: Harm): void {
  const unit = counters.send(version, name);
  const took = bad && harm === 'slow' ? 60 : 5;
  counters.count(version, { kind: 'answered', status: bad && harm === 'errors' ? 500 : 200, took }, unit);
  if (harm === 'wrong') counters.label(version, !bad, unit);
}

function byRequest({ canary, baseline, ...interval }: Interval): Interval {
  const { units: _, ...one } = canary;
  const { units: __, ...other } = baseline;
  return { ...interval, canary: one, baseline: other };
}

/** Whether a guard takes the canary back within half an hour, counting users or requests. */
function takenBack(chance: Chance, harm: Harm, worse: number): { readonly byUser: boolean; readonly byRequest: boolean } {
  const users = population(chance, worse);
  const counters = new Counters({ arms: {}, refused: 0 });
  const labels = { scored: 0, unknown: 0, duplicate: 0, late: 0, malformed: 0 };
  const read = (at: number): CountersReading => ({ at, epoch: 1, arms: counters.reading(), labels, refused: 0 });
  const states: { byUser: GuardState; byRequest: GuardState } = {
    byUser: beginGuard(thresholds),
    byRequest: beginGuard(thresholds),
  };
  const fired = { byUser: false, byRequest: false };
  let before = read(0);
  for (let minute = 1; minute <= 30; minute += 1) {
    for (const user of users)
      for (let requests = chance.poisson(user.perMinute); requests > 0; requests -= 1)
        serve(counters, user, chance.uniform() < user.chance, harm);
    const after = read(minute * policy.interval);
    const interval = intervalBetween(minute, before, after, 'new', 'old', { new: 10, old: 90 });
    before = after;
    for (const way of ['byUser', 'byRequest'] as const) {
      states[way] = absorb(states[way], way === 'byUser' ? interval : byRequest(interval), policy);
      const situation = { now: after.at, startedAt: 0, stageEndsAt: Infinity, failed: null, version: 'new', stable: 'old' };
      fired[way] ||= judge(states[way], policy, situation).action === 'roll back';
    }
  }
  return fired;
}

for (const harm of harms) {
  test(`users who meet it again and again (${harm}), and stay with one version, break the bound by request and keep it by user`, () => {
    const chance = new Chance(90);
    const runs = Array.from({ length: 250 }, () => takenBack(chance, harm, 1));
    const part = (of: 'byUser' | 'byRequest'): number => runs.filter((run) => run[of]).length / runs.length;
    assert.ok(part('byRequest') > 0.05, `by request ${part('byRequest')}`);
    assert.ok(part('byUser') <= allowed(policy.alpha, runs.length), `by user ${part('byUser')}`);
  });

  test(`a canary with which more users meet it (${harm}) is found by user`, () => {
    const chance = new Chance(91);
    const runs = Array.from({ length: 30 }, () => takenBack(chance, harm, 60));
    assert.ok(runs.filter(({ byUser }) => byUser).length > 20, `${runs.filter(({ byUser }) => byUser).length} of 30`);
  });
}
