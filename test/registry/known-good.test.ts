import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Tenure } from '../../src/model/history.ts';
import { isKnownGood, isTrafficUnknown, whyNotKnownGood } from '../../src/registry/known-good.ts';

const bake = { for: 60_000, requests: 1000 };
const good: Tenure = {
  version: '1.2.0',
  since: 0,
  until: 100_000,
  fullSince: 10_000,
  fullUntil: 100_000,
  fullStretches: [{ since: 10_000, until: 100_000, requests: 5000 }],
  highestShare: 100,
  requests: 5000,
  verified: true,
  baked: false,
  regressed: false,
  quarantinedSince: false,
  source: 'witnessed',
  operation: null,
};
const stretch = (since: number, until: number | null, requests: number | null): Partial<Tenure> => ({
  fullStretches: [{ since, until, requests }],
  requests,
});

const cases: readonly (readonly [string, Partial<Tenure>, RegExp | null])[] = [
  ['verified, long enough and with enough requests', {}, null],
  ['exactly its bake and exactly its requests', stretch(0, 60_000, 1000), null],
  ['where nobody counts the requests', stretch(0, 60_000, null), null],
  ['said to be baked while it still serves', { baked: true, until: null, fullUntil: null, ...stretch(0, null, 3) }, null],
  ['never verified', { verified: false }, /never verified/],
  ['never at 100 %', { fullSince: null, fullUntil: null, fullStretches: [], highestShare: 50 }, /never held 100 %/],
  ['a millisecond short of its bake', stretch(0, 59_999, 5000), /held 100 % for 59.9 s, less than its bake of 60 s/],
  ['one request short', stretch(0, 60_000, 999), /999 requests .* fewer than the 1000/],
  ['regressed', { regressed: true, baked: true }, /regressed/],
  ['quarantined since', { quarantinedSince: true, baked: true }, /quarantined/],
  [
    'two stretches that only together would do',
    {
      fullStretches: [
        { since: 50_000, until: 90_000, requests: 900 },
        { since: 0, until: 40_000, requests: 900 },
      ],
      requests: 1800,
    },
    /held 100 % for 40 s/,
  ],
  [
    'one good stretch beside a short one',
    {
      fullStretches: [
        { since: 80_000, until: 90_000, requests: 9 },
        { since: 0, until: 70_000, requests: 1900 },
      ],
    },
    null,
  ],
];

for (const [what, more, why] of cases) {
  test(`${what}: ${why === null ? 'known good' : 'not known good, and it says why'}`, () => {
    const tenure = { ...good, ...more };
    assert.equal(isKnownGood(tenure, bake, { pointerOnly: false }), why === null);
    if (why !== null) assert.match(whyNotKnownGood(tenure, bake, { pointerOnly: false }) ?? '', why);
  });
}

test('a stretch that lasts is known good from the moment its bake is over', () => {
  const serving = { ...good, until: null, fullUntil: null, ...stretch(10_000, null, 5000) };
  assert.equal(isKnownGood(serving, bake, { pointerOnly: false, now: 69_999 }), false);
  assert.equal(isKnownGood(serving, bake, { pointerOnly: false, now: 70_000 }), true);
  assert.equal(isKnownGood(serving, bake, { pointerOnly: false }), false);
});

test('where only a pointer moves, having held it is enough, but never after a quarantine', () => {
  const held: Tenure = { ...good, verified: false, ...stretch(5, 6, null) };
  assert.equal(isKnownGood(held, bake, { pointerOnly: true }), true);
  assert.equal(isKnownGood({ ...held, quarantinedSince: true }, bake, { pointerOnly: true }), false);
  assert.match(whyNotKnownGood({ ...held, fullSince: null }, bake, { pointerOnly: true }) ?? '', /never held the pointer/);
});

test('traffic is said to be unknown where it was not counted, and only there', () => {
  assert.equal(isTrafficUnknown({ ...good, requests: null }), true);
  assert.equal(isTrafficUnknown({ ...good, requests: 0 }), false);
});
