import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { HistoryEvent } from '../../src/model/history.ts';
import type { Operation } from '../../src/model/operation.ts';
import { exposureOf } from '../../src/record/exposure.ts';
import { impactOf } from '../../src/record/impact.ts';
import { abortPlan } from './sample-incidents.ts';

let sequence = 0;

function share(
  version: string,
  percent: number,
  operation: string,
  requests: number | null,
  changes: Partial<HistoryEvent> = {},
): HistoryEvent {
  sequence += 1;
  return {
    sequence,
    service: 's',
    at: sequence * 100,
    kind: 'share',
    version,
    share: percent,
    requests,
    operation,
    source: 'witnessed',
    actor: 'ana',
    reason: '',
    evidence: null,
    ...changes,
  };
}

const back = { id: 'back', plan: abortPlan, createdAt: 1e9 } as unknown as Operation;

test('a version that served before counts only the requests of its last stretch', () => {
  const history = [
    share('1.3.0', 10, 'one', 0),
    share('1.3.0', 0, 'two', 400),
    share('1.3.0', 10, 'three', 400),
    share('1.3.0', 50, 'four', 700),
    share('1.3.0', 0, 'back', 1_000),
  ];
  const exposure = exposureOf(history, back, '1.3.0');
  assert.deepEqual(exposure.operations, ['three', 'four']);
  assert.deepEqual([exposure.since, exposure.until], [history[2]?.at, history[4]?.at]);
  assert.deepEqual(impactOf(exposure, null, 10), { requests: 600, atLeast: false, ownChecks: 10, watched: null, harms: [] });
});

test('requests before the first share was recorded belong to a version that never served before', () => {
  const history = [share('1.3.0', 10, 'one', 7), share('1.3.0', 0, 'back', 107)];
  assert.equal(impactOf(exposureOf(history, back, '1.3.0'), null, 0).requests, 107);
});

test('a counter that began anew gives at least what it shows', () => {
  const history = [
    share('1.3.0', 10, 'one', 0),
    share('1.3.0', 0, 'two', 400),
    share('1.3.0', 10, 'three', 400),
    share('1.3.0', 0, 'back', 30),
  ];
  const impact = impactOf(exposureOf(history, back, '1.3.0'), null, 0);
  assert.deepEqual([impact.requests, impact.atLeast], [30, true]);
});

test('a version that never had a share was never exposed', () => {
  const exposure = exposureOf(
    [share('1.2.0', 100, 'one', 0), share('1.3.0', 10, 'x', 0), share('1.3.0', 0, 'y', 9)],
    back,
    '1.3.0',
  );
  assert.deepEqual([exposure.since, exposure.operations], [null, []]);
});

test('what is sworn to is no exposure, and where only the pointer moves holding it is', () => {
  const pointed = (version: string, operation: string): HistoryEvent =>
    share(version, 0, operation, null, { kind: 'pointed', share: null });
  const pointerOnly = { ...back, plan: { ...abortPlan, steps: [{ kind: 'point' as const, version: '1.2.0' }] } };
  const history = [
    share('1.3.0', 100, 'sworn', null, { source: 'attested' }),
    pointed('1.2.0', 'a'),
    pointed('1.3.0', 'b'),
    pointed('1.2.0', 'back'),
  ];
  const exposure = exposureOf(history, pointerOnly, '1.3.0');
  assert.deepEqual(
    [exposure.since, exposure.until, exposure.operations, exposure.countAtEnd],
    [history[2]?.at, history[3]?.at, ['b'], null],
  );
  assert.equal(exposureOf(history, back, '1.3.0').since, null);
});
