import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { HistoryEvent } from '../../src/model/history.ts';
import { isKnownGood } from '../../src/registry/known-good.ts';
import { retention, type ServiceNeeds } from '../../src/registry/retention.ts';
import { tenures } from '../../src/registry/tenures.ts';
import { historyOf } from './fixture.ts';

const bake = { for: 0, requests: 0 };
const names = ['1.0.0', '1.1.0', '1.2.0', '1.3.0', '1.4.0', '1.5.0', '1.6.0'];
const released = (version: string) => ({ version, status: 'released' as const });

/** Each version served at 100 % in turn; those of `bad` were never verified. */
function served(versions: readonly string[], bad: readonly string[] = []): ServiceNeeds {
  const events = versions.flatMap((version, index): Partial<HistoryEvent>[] => [
    { version, share: 100 },
    ...(bad.includes(version) ? [] : [{ kind: 'verified' as const, version }]),
    ...(index === versions.length - 1 ? [] : [{ version, share: 0 }]),
  ]);
  const last = versions.at(-1) ?? null;
  return {
    service: 'scorer',
    pointer: last,
    weights: last === null ? {} : { [last]: 100 },
    tenures: tenures(historyOf(...events), 'share'),
    knownGood: (tenure) => isKnownGood(tenure, bake, { pointerOnly: false }),
    keep: 3,
    reachable: new Set(),
  };
}

test('the three newest known good versions before the one in production are kept, the rest may go', () => {
  const { kept, removable } = retention(names.map(released), [served(names)]);
  assert.deepEqual(removable, ['1.0.0', '1.1.0', '1.2.0']);
  assert.deepEqual([...kept.keys()].sort(), ['1.3.0', '1.4.0', '1.5.0', '1.6.0']);
});

test('a version that is not known good takes no place of one that is', () => {
  const { removable } = retention(names.map(released), [served(names, ['1.5.0', '1.4.0'])]);
  assert.deepEqual(removable, ['1.0.0', '1.4.0', '1.5.0']);
});

test('whatever has a share, or an operation or task can reach, is kept', () => {
  const needs = { ...served(names), weights: { '1.6.0': 90, '1.0.0': 10, '1.2.0': 0 }, reachable: new Set(['1.1.0']) };
  const { kept, removable } = retention(names.map(released), [needs]);
  assert.deepEqual(removable, ['1.2.0']);
  assert.deepEqual(kept.get('1.0.0'), ['has 10 % in scorer']);
  assert.deepEqual(kept.get('1.1.0'), ['an operation or task of scorer needs it']);
});

test('what one service needs, another does not let go', () => {
  const { removable } = retention(names.map(released), [served(names), { ...served(['1.0.0', '1.1.0']), service: 'other' }]);
  assert.deepEqual(removable, ['1.2.0']);
});

test('a version that waits to be deployed is kept until it is deprecated', () => {
  const versions = [
    ...names.map(released),
    { version: '2.0.0', status: 'candidate' as const },
    { version: '1.9.0', status: 'deprecated' as const },
  ];
  const { kept, removable } = retention(versions, [served(names)]);
  assert.deepEqual(kept.get('2.0.0'), ['registered and not served yet']);
  assert.ok(removable.includes('1.9.0'));
});

test('deprecating does not remove what production or a rollback needs', () => {
  const versions = names.map((version) => ({ version, status: 'deprecated' as const }));
  assert.deepEqual(retention(versions, [served(names)]).removable, ['1.0.0', '1.1.0', '1.2.0']);
});

test('a version that came back twice counts once', () => {
  const { removable } = retention(names.slice(0, 5).map(released), [
    served(['1.0.0', '1.1.0', '1.2.0', '1.1.0', '1.2.0', '1.3.0', '1.2.0', '1.4.0']),
  ]);
  assert.deepEqual(removable, ['1.0.0']);
});
