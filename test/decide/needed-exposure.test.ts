import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Chance } from '../../bench/judge/chance.ts';
import { judge } from '../../src/decide/guard.ts';
import { absorb } from '../../src/decide/guard-state.ts';
import { remaining } from '../../src/decide/remaining.ts';
import type { ArmDelta, GuardPolicy, GuardState } from '../../src/model/evidence.ts';
import { begunGuard as begun, guardPolicy as policy } from '../fixtures/guard-policy.ts';

function arm(requests: number, errors: number): ArmDelta {
  return { requests, errors, unanswered: 0, latency: [], right: 0, wrong: 0 };
}

/** The state after one second more. */
function next(state: GuardState, canary: ArmDelta, baseline: ArmDelta, rules: GuardPolicy): GuardState {
  const id = state.lastIntervalId + 1;
  return absorb(state, { id, from: (id - 1) * 1_000, to: id * 1_000, canary, baseline }, rules);
}

const versions = 300;

/** How many versions that rose as far as is looked for are found before they would pass, beside so many times their own requests. */
function found(rules: GuardPolicy, beside: number): number {
  const chance = new Chance(9);
  const ends = Array.from({ length: versions }, () => {
    for (let state = begun; ; ) {
      const [bad, good] = [chance.binomial(20, 0.01 * rules.detect), chance.binomial(20 * beside, 0.01)];
      state = next(state, arm(20, bad), arm(20 * beside, good), rules);
      const situation = { now: state.lastAt ?? 0, startedAt: 0, stageEndsAt: 0, failed: null, version: '2.0.0', stable: '1.0.0' };
      const { action } = judge(state, rules, situation);
      if (action !== 'wait') return action;
    }
  });
  return ends.filter((action) => action === 'roll back').length;
}

test('with the requests that a pass needs a version with five times the errors is found, beside as many or nine times as many', () => {
  const fresh: GuardPolicy = { ...policy, baseline: 'fresh' };
  const seen = next(begun, arm(100, 0), arm(100, 0), policy);
  const many = next(begun, arm(100, 0), arm(900, 0), policy);
  assert.deepEqual([remaining(many, policy).pass, remaining(seen, fresh).pass], [280, 831]);
  for (const [rules, beside] of [
    [fresh, 1],
    [policy, 9],
    [{ ...policy, detect: 3 }, 4],
  ] as const) {
    const some = found(rules, beside);
    assert.ok(some >= 0.7 * versions && some <= 0.9 * versions, `${some} of ${versions} beside ${beside} times as many`);
  }
});
