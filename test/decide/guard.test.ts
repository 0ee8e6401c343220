import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Chance } from '../../bench/judge/chance.ts';
import { carryOver } from '../../src/decide/carry-over.ts';
import { judge } from '../../src/decide/guard.ts';
import { absorb } from '../../src/decide/guard-state.ts';
import { remaining } from '../../src/decide/remaining.ts';
import type { ArmDelta, Decision, GuardPolicy, GuardState, Interval } from '../../src/model/evidence.ts';
import { begunGuard as begun, guardPolicy as policy } from '../fixtures/guard-policy.ts';

function arm(requests: number, errors: number, more: Partial<ArmDelta> = {}): ArmDelta {
  return { requests, errors, unanswered: 0, latency: [], right: 0, wrong: 0, ...more };
}

function interval(id: number, canary: ArmDelta, baseline: ArmDelta, share?: number): Interval {
  return { id, from: (id - 1) * 1_000, to: id * 1_000, canary, baseline, ...(share === undefined ? {} : { share }) };
}

/** The state after so many intervals that are all alike. */
function after(count: number, canary: ArmDelta, baseline: ArmDelta, rules = policy, from = begun, share?: number): GuardState {
  const ids = Array.from({ length: count }, (_, index) => from.lastIntervalId + index + 1);
  return ids.reduce((state, id) => absorb(state, interval(id, canary, baseline, share), rules), from);
}

function decided(state: GuardState, rules = policy): Decision {
  const now = state.lastAt ?? 0;
  return judge(state, rules, { now, startedAt: 0, stageEndsAt: 0, failed: null, version: '2.0.0', stable: '1.0.0' });
}

test('an interval that comes again, after a crash, changes nothing', () => {
  const state = after(3, arm(100, 3), arm(900, 9));
  for (const id of [1, 2, 3]) assert.equal(absorb(state, interval(id, arm(100, 100), arm(900, 0)), policy), state);
});

test('what harms both versions alike is seen against a limit, and without one is not', () => {
  const [bad, worse] = [arm(100, 12), arm(900, 108)];
  assert.equal(decided(after(5, bad, worse)).action, 'promote');
  const limited = { ...policy, limit: 0.05 };
  const decision = decided(after(5, bad, worse, limited), limited);
  assert.equal(decision.action, 'roll back');
  assert.match(decision.because, /^errors of 2\.0\.0 12\.0 % where 5\.0 % is the limit, over 500: evidence /);
  assert.ok(decision.metrics.some(({ metric, significant }) => metric === 'limit' && significant));
  assert.equal(decided(after(20, arm(100, 4), arm(900, 36), limited), limited).action, 'promote');
});

test('counters of another clock are as fresh as they were heard, and what is long ago is not', () => {
  const regressed = after(4, arm(100, 30), arm(900, 4));
  const elsewhere = { startedAt: 0, stageEndsAt: 0, failed: null, version: '2.0.0', stable: '1.0.0' };
  const now = 3_600_000_000;
  assert.equal(judge(regressed, { ...policy, deadline: 1e12 }, { ...elsewhere, now, heardAt: now - 500 }).action, 'roll back');
  assert.equal(judge(regressed, { ...policy, deadline: 1e12 }, { ...elsewhere, now, heardAt: now - 60_000 }).action, 'wait');
  assert.equal(judge(regressed, { ...policy, deadline: 1e12 }, { ...elsewhere, now }).action, 'wait');
});

test('a limit judges where the stable version has no traffic at all', () => {
  const limited = { ...policy, limit: 0.05 };
  assert.equal(decided(after(5, arm(100, 40), arm(0, 0), limited), limited).action, 'roll back');
});

test('requests that are not divided as was set pause it; evidence against the version still goes first', () => {
  const [canary, baseline] = [arm(20, 0, { sent: 20 }), arm(980, 0, { sent: 980 })];
  const decision = decided(after(4, canary, baseline, policy, begun, 0.1));
  assert.deepEqual([decision.action, decision.cause, decision.verdict], ['pause', 'split', 'inconclusive']);
  assert.match(decision.because, /^2\.0\.0 got 2\.0 % of the requests where 10\.0 % was set/);
  const right = after(4, arm(100, 0, { sent: 100 }), arm(900, 0, { sent: 900 }), policy, begun, 0.1);
  assert.notEqual(decided(right).action, 'pause');
  const regressed = after(4, arm(20, 15, { sent: 20 }), baseline, policy, begun, 0.1);
  assert.equal(decided(regressed).action, 'roll back');
});

test('a version whose requests have not ended yet is not short of them', () => {
  const slow = after(4, arm(0, 0, { sent: 100 }), arm(900, 0, { sent: 900 }), policy, begun, 0.1);
  assert.equal(decided(slow).action, 'wait');
});

test('errors that come in bursts count as one each, given how large a burst is', () => {
  const [canary, baseline] = [arm(100, 9), arm(900, 9)];
  assert.equal(decided(after(3, canary, baseline)).action, 'roll back');
  const bursty = { ...policy, dispersion: 5 };
  assert.equal(decided(after(3, canary, baseline, bursty), bursty).action, 'wait');
  assert.equal(decided(after(10, canary, baseline, bursty), bursty).action, 'roll back');
});

test('where users are counted, one user with many errors is one', () => {
  const canary = arm(100, 30, { units: { seen: 40, bad: 1 } });
  const baseline = arm(900, 4, { units: { seen: 360, bad: 4 } });
  const state = after(3, canary, baseline, policy, begun, 0.1);
  assert.notEqual(decided(state).action, 'roll back');
  assert.match(decided(state).because, /users/);
  assert.deepEqual(state.metrics.errors.canary, { bad: 3, of: 120 });
  assert.equal(decided(after(3, arm(100, 30), arm(900, 4), policy, begun, 0.1)).action, 'roll back');
  // Who fails late was seen early: the part of the canary is its share, not who is new.
  const late = after(
    4,
    arm(100, 3, { units: { seen: 0, bad: 3 } }),
    arm(900, 3, { units: { seen: 9, bad: 3 } }),
    policy,
    state,
    0.1,
  );
  assert.equal(decided(late).action, 'roll back');
});

test('a second try of a version goes on with the evidence of the first, and earns its pass anew', () => {
  const [canary, baseline] = [arm(100, 4), arm(900, 14)];
  const first = after(2, canary, baseline);
  assert.ok(first.fused > 0 && first.highest < Math.log(100), String(first.fused));
  const second = carryOver(begun, policy, { operation: 'op1', policy, state: first });
  // What the new bets have got was in the reserve before.
  assert.ok(Math.abs(second.fused - first.fused) < 1e-9);
  assert.deepEqual({ ...second.carried, logE: 0 }, { operation: 'op1', try: 2, logE: 0, lent: 0.025 });
  assert.deepEqual([second.consumed, second.lastIntervalId, second.metrics.errors.canary.of], [0, 0, 0]);
  const whole = after(4, canary, baseline);
  const both = after(2, canary, baseline, policy, second);
  assert.ok(Math.abs(both.fused - whole.fused) < 0.1, `${both.fused} beside ${whole.fused}`);
  const { carried } = carryOver(begun, policy, { operation: 'op2', policy, state: both });
  assert.equal(carried?.try, 3);
  assert.ok(Math.abs((carried?.lent ?? 0) - 0.0375) < 1e-12);
});

test('after a long healthy try a version that fails in the next is found all the same', () => {
  const healthy = after(200, arm(100, 1), arm(900, 9));
  assert.ok(healthy.metrics.errors.logLikelihoods.every((each) => each < -30));
  const second = carryOver(begun, policy, { operation: 'op1', policy, state: healthy });
  assert.equal(decided(after(6, arm(100, 10), arm(900, 9), policy, second)).action, 'roll back');
});

test('tried again and again, a healthy version is taken back no more often than alpha allows for all tries together', () => {
  const chance = new Chance(17);
  const runs = 400;
  let fired = 0;
  for (let run = 0; run < runs; run += 1) {
    let state = begun;
    for (let attempt = 0; attempt < 8 && state.highest < Math.log(100); attempt += 1) {
      if (attempt > 0) state = carryOver(begun, policy, { operation: 'op', policy, state });
      for (let id = 1; id <= 12; id += 1) {
        const [bad, stable] = [chance.binomial(50, 0.0625), chance.binomial(450, 0.05)];
        state = absorb(state, interval(id, arm(50, bad), arm(450, stable)), policy);
      }
    }
    if (state.highest >= Math.log(100)) fired += 1;
  }
  assert.ok(fired / runs <= 0.01 + 3 * Math.sqrt((0.01 * 0.99) / runs), `${fired} of ${runs}`);
});

test('nothing is carried over where another question was asked, or where the evidence was enough and a person let it in again', () => {
  const first = after(2, arm(100, 4), arm(900, 14));
  const asked = (other: Partial<GuardPolicy>): GuardState =>
    carryOver(begun, { ...policy, ...other }, { operation: 'op1', policy, state: first });
  for (const other of [{ tolerate: 1.5 }, { limit: 0.1 }, { dispersion: 2 }]) assert.equal(asked(other), begun);
  const enough = after(8, arm(100, 9), arm(900, 9));
  assert.equal(carryOver(begun, policy, { operation: 'op1', policy, state: enough }), begun);
  assert.equal(carryOver(begun, policy, null), begun);
});

test('it says how many requests are missing: for a pass, and for a rollback if it goes on', () => {
  const good = remaining(after(2, arm(50, 0), arm(450, 2)), policy);
  assert.equal(good.rollback, null);
  assert.equal(good.perSecond, 50);
  assert.ok(good.pass > 0);
  const [canary, baseline] = [arm(100, 4), arm(900, 14)];
  const worse = after(4, canary, baseline);
  const { rollback } = remaining(worse, policy);
  assert.ok(rollback !== null && rollback > 0);
  // As many more of the same bring it to the bar, give or take what a mixture does not gain in proportion.
  const more = Math.ceil(rollback / 100);
  assert.ok(after(4 + 2 * more, canary, baseline).highest >= Math.log(100));
  assert.equal(remaining(after(40, canary, baseline), policy).rollback, 0);
});

test('a journal from before a metric was known is judged as it stands', () => {
  const { limit: _, ...known } = after(2, arm(100, 2), arm(900, 9)).metrics;
  const old: GuardState = { ...begun, lastIntervalId: 2, metrics: known };
  const limited = { ...policy, limit: 0.01 };
  assert.equal(after(1, arm(100, 2), arm(900, 9), limited, old).metrics.limit?.canary.of, 100);
  assert.equal(decided(old, limited).metrics.find(({ metric }) => metric === 'limit')?.logE, 0);
});

/** Of `copies` copies so many end in a second. */
function running(copies: number, ended: number): Partial<ArmDelta> {
  return { copies: { ended, seconds: copies } };
}

test('copies that end again and again are evidence beside the stable version, by the time that both ran', () => {
  const healthy = (ended: number): ArmDelta => arm(900, 9, running(4, ended));
  const ended = after(20, arm(100, 1, running(4, 1)), healthy(0));
  assert.equal(decided(ended).action, 'roll back');
  assert.match(
    decided(ended).because,
    /^ends of copies of 2\.0\.0 20 in 80 s of running against 0 in 80 s of running of 1\.0\.0: evidence /,
  );
  assert.notEqual(decided(after(20, arm(100, 1, running(4, 1)), healthy(1))).action, 'roll back');
  // Where nobody tells of copies, nothing is said.
  assert.equal(after(5, arm(100, 1), arm(900, 9)).metrics.restarts?.highest, 0);
});

test('against an allowed rate a few ends of copies are enough, whatever the stable version does', () => {
  const allowed = { ...policy, restarts: 2 };
  const calm = after(60, arm(100, 1, running(2, 0)), arm(900, 9, running(4, 1)), allowed);
  const four = after(4, arm(100, 1, running(2, 1)), arm(900, 9, running(4, 1)), allowed, calm);
  assert.notEqual(decided(four, allowed).action, 'roll back');
  const five = after(1, arm(100, 1, running(2, 1)), arm(900, 9, running(4, 1)), allowed, four);
  assert.equal(decided(five, allowed).action, 'roll back');
  assert.match(
    decided(five, allowed).because,
    /^ends of copies of 2\.0\.0 5 in 130 s of running where 2 a day and copy are allowed/,
  );
});

test('copies that end no more often than is allowed are no reason, in no more than alpha of all guards', () => {
  const chance = new Chance(23);
  const allowed = { ...policy, restarts: 1_440, interval: 60_000 };
  const runs = 500;
  let fired = 0;
  for (let run = 0; run < runs; run += 1) {
    let state = begun;
    // Two copies that each end once a minute, for an hour.
    for (let id = 1; id <= 60; id += 1) {
      const copies = { ended: chance.poisson(2), seconds: 120 };
      state = absorb(state, interval(id, arm(100, 1, { copies }), arm(900, 9)), allowed);
    }
    if (state.highest >= Math.log(100)) fired += 1;
  }
  assert.ok(fired / runs <= 0.01 + 3 * Math.sqrt((0.01 * 0.99) / runs), `${fired} of ${runs}`);
});

test('nothing is carried over to another allowed rate of ends of copies', () => {
  const first = after(2, arm(100, 4), arm(900, 14));
  assert.equal(carryOver(begun, { ...policy, restarts: 2 }, { operation: 'op1', policy, state: first }), begun);
});
