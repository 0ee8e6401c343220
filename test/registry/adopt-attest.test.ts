import assert from 'node:assert/strict';
import { test } from 'node:test';
import { adopt, type Adoption } from '../../src/registry/adopt.ts';
import { attest, type Attestation } from '../../src/registry/attest.ts';
import { readHistory } from '../../src/registry/history.ts';
import { whyNotKnownGood } from '../../src/registry/known-good.ts';
import { movePointer } from '../../src/registry/pointer.ts';
import { ensureService, readService } from '../../src/registry/services.ts';
import { changeShares, readShares } from '../../src/registry/shares.ts';
import { tenures } from '../../src/registry/tenures.ts';
import type { Store } from '../../src/store/store.ts';
import { openStore } from '../contract/store-fixture.ts';
import { problemOf, register } from './fixture.ts';

const adoption: Adoption = {
  service: 'scorer',
  version: '1.0.0',
  since: 100,
  at: 900,
  served: true,
  verified: true,
  actor: 'ann',
  reason: 'existed',
};
const attestation: Attestation = {
  service: 'scorer',
  version: '1.0.0',
  since: 100,
  until: 500,
  at: 900,
  actor: 'ann',
  reason: 'served well',
};
const bake = { for: 400, requests: 50 };

async function withVersions(store: Store): Promise<void> {
  for (const version of ['1.0.0', '1.1.0']) await register(store, version);
  await store.transaction('ensure', (tx) => ensureService(tx, 'scorer', 'fraud'));
}

function adopting(store: Store, more: Partial<Adoption> = {}): Promise<boolean> {
  return store.transaction('adopt', (tx) => adopt(tx, { ...adoption, ...more }));
}

function attesting(store: Store, more: Partial<Attestation> = {}): Promise<void> {
  return store.transaction('attest', (tx) => attest(tx, { ...attestation, ...more }));
}

test('what serves now is entered as imported, once, and the pointer is set', async (t) => {
  const store = await openStore(t);
  await withVersions(store);
  assert.equal(await adopting(store), true);
  const events = await readHistory(store.read, 'scorer');
  assert.deepEqual(
    events.map(({ kind, source }) => [kind, source]),
    [
      ['pointed', 'imported'],
      ['verified', 'imported'],
      ['share', 'imported'],
    ],
  );
  const [tenure] = tenures(events, 'share');
  assert.deepEqual([tenure?.since, tenure?.source, tenure?.verified, tenure?.until], [100, 'imported', true, null]);
  assert.deepEqual(
    [(await readService(store.read, 'scorer'))?.pointer, await readShares(store.read, 'scorer')],
    ['1.0.0', { '1.0.0': 100 }],
  );
  assert.equal(await adopting(store), false);
  assert.equal((await readHistory(store.read, 'scorer')).length, 3);
});

test('what served before it is entered too, each until the next, and a person may go back to it', async (t) => {
  const store = await openStore(t);
  await withVersions(store);
  const before = [
    { version: '1.1.0', since: 10, reason: 'revision 1' },
    { version: '1.0.0', since: 20, reason: 'revision 2: faster' },
  ];
  await adopting(store, { version: '1.1.0', since: 30, before });
  const told = tenures(await readHistory(store.read, 'scorer'), 'share');
  assert.deepEqual(
    told.map(({ version, since, until, source }) => [version, since, until, source]),
    [
      ['1.1.0', 30, null, 'imported'],
      ['1.0.0', 20, 30, 'imported'],
      ['1.1.0', 10, 20, 'imported'],
    ],
  );
  assert.equal(await adopting(store, { version: '1.1.0', since: 30, before }), false);
  assert.equal((await readHistory(store.read, 'scorer')).length, 7);
});

test('the first witnessed deploy ends what was adopted', async (t) => {
  const store = await openStore(t);
  await withVersions(store);
  await adopting(store);
  const change = {
    service: 'scorer',
    at: 1000,
    weights: { '1.1.0': 100 },
    requests: {},
    operation: 'op1',
    actor: 'ann',
    reason: 'deploy',
  };
  await store.transaction('shares', (tx) => changeShares(tx, change));
  const read = tenures(await readHistory(store.read, 'scorer'), 'share');
  assert.deepEqual(
    read.map(({ version, until, source }) => [version, until, source]),
    [
      ['1.1.0', null, 'witnessed'],
      ['1.0.0', 1000, 'imported'],
    ],
  );
});

test('adopting beside another version that serves by its history is refused and writes nothing', async (t) => {
  const store = await openStore(t);
  await withVersions(store);
  await adopting(store);
  const problem = await problemOf(adopting(store, { version: '1.1.0' }));
  assert.equal(problem.code, 'from.differs');
  assert.match(problem.why, /1\.0\.0 serves there/);
  assert.equal((await readHistory(store.read, 'scorer')).length, 3);
});

test('where only the pointer moves, adopting sets it where none is set and says nothing of traffic', async (t) => {
  const store = await openStore(t);
  await withVersions(store);
  await adopting(store, { served: false });
  assert.deepEqual(
    (await readHistory(store.read, 'scorer')).map(({ kind, at }) => [kind, at]),
    [['pointed', 100]],
  );
  assert.equal((await problemOf(adopting(store, { served: false, version: '1.1.0' }))).code, 'from.differs');
});

test('an unknown version is neither adopted nor attested', async (t) => {
  const store = await openStore(t);
  await withVersions(store);
  assert.equal((await problemOf(adopting(store, { version: '1.0.1' }))).code, 'version.unknown');
  assert.equal((await problemOf(attesting(store, { version: '1.0.1' }))).code, 'version.unknown');
  assert.deepEqual(await readHistory(store.read, 'scorer'), []);
});

test('an attested time counts as known good when it is as long as the bake, with traffic unknown, and moves nothing', async (t) => {
  const store = await openStore(t);
  await withVersions(store);
  const point = {
    service: 'scorer',
    version: '1.1.0',
    at: 600,
    operation: null,
    actor: 'ann',
    reason: 'r',
    source: 'witnessed',
  } as const;
  await store.transaction('point', (tx) => movePointer(tx, point));
  await attesting(store);
  for (const kind of ['share', 'pointed'] as const) {
    const attested = tenures(await readHistory(store.read, 'scorer'), kind).find(({ source }) => source === 'attested');
    assert.ok(attested);
    assert.deepEqual([attested.version, attested.since, attested.until, attested.requests], ['1.0.0', 100, 500, null]);
    assert.equal(whyNotKnownGood(attested, bake, { pointerOnly: kind === 'pointed' }), null);
    if (kind === 'share')
      assert.match(whyNotKnownGood(attested, { ...bake, for: 401 }, { pointerOnly: false }) ?? '', /less than its bake/);
  }
  assert.equal((await readService(store.read, 'scorer'))?.pointer, '1.1.0');
});

test('a time that ends before it begins, in the future or nowhere is refused', async (t) => {
  const store = await openStore(t);
  await withVersions(store);
  for (const more of [{ until: 100 }, { until: 50 }, { until: 901 }, { since: Number.NaN }, { until: Number.NaN }]) {
    assert.equal((await problemOf(attesting(store, more))).code, 'usage');
  }
  assert.deepEqual(await readHistory(store.read, 'scorer'), []);
});
