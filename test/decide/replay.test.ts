import assert from 'node:assert/strict';
import { test } from 'node:test';
import { argoRule, fixedThreshold } from '../../src/decide/fixed-rules.ts';
import { replay, type ReplayedRule } from '../../src/decide/replay.ts';
import type { ArmDelta, Interval } from '../../src/model/evidence.ts';
import { recordingOf } from '../../src/record/recording.ts';
import { policy, regressing, watch } from '../record/sample-guard.ts';
import { recordedRun } from '../report/sample-replay.ts';

const start = 1_700_000_000_000;

function arm(requests: number, errors: number): ArmDelta {
  return { requests, errors, unanswered: 0, latency: [], right: 0, wrong: 0 };
}

/** Intervals of a minute, with so many of 60 requests of the canary bad in each. */
function canaryErrors(...errors: readonly number[]): readonly Interval[] {
  return errors.map((bad, index) => ({
    id: index + 1,
    from: index * 60_000,
    to: (index + 1) * 60_000,
    canary: arm(60, bad),
    baseline: arm(540, 1),
  }));
}

function ours(rules: readonly ReplayedRule[]): ReplayedRule {
  return rules.find(({ kind }) => kind === 'sofare') as ReplayedRule;
}

test('replayed under its own policy, a journalled run is decided as it was, with the same sentence', () => {
  const live = watch(start, 0, regressing);
  const journal = live.events.flatMap(([, events]) => events.map((event) => ({ event })));
  const recording = recordingOf(journal, '1.3.0', '1.2.0');
  assert.ok(recording);
  assert.deepEqual(recording.policy, policy);
  const { fired, because, action } = ours(replay(recording, {}, 0.01).rules);
  assert.deepEqual([action, because, fired?.at], ['roll back', live.decision.because, live.end]);
  assert.equal(fired?.requests, live.canary);
  const again = recordingOf([...journal, ...journal], '1.3.0', '1.2.0');
  assert.deepEqual(again?.intervals, recording.intervals, 'an interval that stands twice counts once');
  const tolerant = ours(replay(recording, { tolerate: 20 }, 0.01).rules);
  assert.equal(tolerant.action, 'stands');
});

test('what nobody watched is no recording', () => {
  assert.equal(recordingOf([], '1.3.0', '1.2.0'), null);
});

test('Argo ends with one failure more than its limit, over a window, and takes no requests for a failure', () => {
  const rule = { window: 60_000, limit: 0.01, failureLimit: 3 };
  assert.equal(argoRule(canaryErrors(1, 1, 1, 0, 0), rule), null);
  assert.equal(argoRule(canaryErrors(1, 0, 1, 1, 0, 1), rule)?.interval, 5);
  // One bad minute stays in sight for five.
  assert.equal(argoRule(canaryErrors(9, 0, 0, 0, 0, 0), rule), null);
  assert.equal(argoRule(canaryErrors(9, 0, 0, 0, 0, 0), { ...rule, window: 300_000 })?.interval, 3);
  const quiet = canaryErrors(0, 0, 0, 0, 0).map((interval) => ({ ...interval, canary: arm(0, 0) }));
  assert.match(argoRule(quiet, rule)?.because ?? '', /no requests, which measures NaN/);
  assert.equal(argoRule([], rule), null);
});

test('Argo measures once a minute, however short or long the intervals are', () => {
  const rule = { window: 60_000, limit: 0.01, failureLimit: 3 };
  const seconds = Array.from({ length: 300 }, (_, index) => ({
    id: index + 1,
    from: index * 1_000,
    to: (index + 1) * 1_000,
    canary: arm(1, index % 50 === 0 ? 1 : 0),
    baseline: arm(9, 0),
  }));
  assert.equal(argoRule(seconds, rule)?.interval, 239);
  const long = [{ id: 1, from: 0, to: 600_000, canary: arm(600, 60), baseline: arm(5_400, 0) }];
  assert.equal(argoRule(long, rule)?.interval, 0);
});

test('a fixed threshold acts on the first interval over it', () => {
  assert.equal(fixedThreshold(canaryErrors(0, 1, 0), 0.05), null);
  assert.equal(fixedThreshold(canaryErrors(0, 1, 4), 0.05)?.interval, 2);
});

test('bursts of the stable version are noticed, and a policy that knows of them waits longer', () => {
  const plain = replay(recordedRun, {}, 0.05);
  assert.ok(plain.dispersion !== null && plain.dispersion > 2);
  const careful = ours(replay(recordedRun, { dispersion: Math.ceil(plain.dispersion) }, 0.05).rules);
  const fired = ours(plain.rules).fired;
  assert.ok(fired && (careful.fired === null || careful.fired.at > fired.at));
});

test('a run that ends without a verdict says what was missing, and one that would pass says so', () => {
  const [short, long] = [canaryErrors(0, 0), canaryErrors(...Array.from({ length: 20 }, () => 0))];
  const of = (intervals: readonly Interval[]): ReplayedRule => ours(replay({ ...recordedRun, intervals }, {}, 0.05).rules);
  assert.match(of(short).because, /^undecided: 120 of \d+ requests that a pass needs/);
  assert.match(of(long).because, /^1\.3\.0 did no worse than 1\.2\.0/);
});
