import assert from 'node:assert/strict';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { test } from 'node:test';
import type { NewHistoryEvent } from '../../src/model/history.ts';
import { appendHistory, readHistory } from '../../src/registry/history.ts';
import { addQuarantine, liftQuarantine, quarantined } from '../../src/registry/quarantine.ts';
import type { Store } from '../../src/store/store.ts';
import { openStore, temporaryFolder } from '../contract/store-fixture.ts';
import { problemOf } from './fixture.ts';

const share: NewHistoryEvent = {
  kind: 'share',
  version: '1.0.0',
  share: 33.3,
  requests: 12,
  operation: 'op1',
  source: 'witnessed',
  actor: 'ann',
  reason: 'canary',
};

async function append(store: Store, ...events: readonly Partial<NewHistoryEvent>[]): Promise<void> {
  for (const [index, event] of events.entries()) {
    await store.transaction('append', (tx) => appendHistory(tx, 'scorer', 1000 + index, { ...share, ...event }));
  }
}

test('events come back as they were written, newest first', async (t) => {
  const store = await openStore(t);
  await append(
    store,
    {},
    { kind: 'quarantined', share: null, requests: null, evidence: '5xx 4 % against 0.1 %' },
    { at: 5, source: 'attested' },
  );
  const read = await readHistory(store.read, 'scorer');
  assert.deepEqual(read, [
    { ...share, sequence: 3, service: 'scorer', at: 5, source: 'attested', evidence: null },
    {
      ...share,
      sequence: 2,
      service: 'scorer',
      at: 1001,
      kind: 'quarantined',
      share: null,
      requests: null,
      evidence: '5xx 4 % against 0.1 %',
    },
    { ...share, sequence: 1, service: 'scorer', at: 1000, evidence: null },
  ]);
});

test('a limit gives the newest of one service', async (t) => {
  const store = await openStore(t);
  await append(store, {}, {}, {}, {}, {});
  await store.transaction('append', (tx) => appendHistory(tx, 'other', 1, share));
  const first = await readHistory(store.read, 'scorer', { limit: 2 });
  assert.deepEqual(
    first.map(({ sequence }) => sequence),
    [5, 4],
  );
});

test('a history longer than what is remembered of it is read whole, also on from there, and its oldest marks are known', async (t) => {
  const store = await openStore(t);
  await append(store, { kind: 'quarantined', version: '0.1.0', share: null, requests: null });
  await append(store, ...Array.from({ length: 310 }, () => ({})));
  for (const [limit, oldest] of [
    [undefined, 1],
    [305, 7],
    [3, 309],
  ] as const) {
    const events = await readHistory(store.read, 'scorer', limit === undefined ? {} : { limit });
    assert.deepEqual([events[0]?.sequence, events.at(-1)?.sequence], [311, oldest]);
  }
  assert.deepEqual([...(await quarantined(store.read, 'scorer')).keys()], ['0.1.0']);
  await append(store, {});
  const [newest, next] = await readHistory(store.read, 'scorer', { limit: 2 });
  assert.deepEqual([newest?.sequence, next?.sequence], [312, 311]);
});

const columns = ['at', 'kind', 'version', 'share', 'requests', 'operation', 'source', 'actor', 'reason', 'evidence', 'checksum'];

for (const column of columns) {
  test(`an event whose ${column} was changed on the disk is named, and the history not believed`, async (t) => {
    const file = join(temporaryFolder(t), 'sofare.db');
    const store = await openStore(t, file);
    await append(store, {}, {}, {});
    const disk = new DatabaseSync(file);
    disk.exec(`update history set ${column} = coalesce(${column}, '') || '1' where sequence = 2`);
    disk.close();
    const problem = await problemOf(readHistory(store.read, 'scorer'));
    assert.equal(problem.code, 'registry.damaged');
    assert.match(problem.what, /history row 2 of service scorer/);
  });
}

const ban = {
  service: 'scorer',
  version: '1.3.0',
  since: 5,
  reason: 'bad',
  actor: 'ann',
  operation: 'op1',
  evidence: 'wrong labels',
};
const lift = { service: 'scorer', version: '1.3.0', at: 9, reason: 'retrained', actor: 'bob', operation: null };

test('a quarantine stands until it is lifted, for its service and version alone', async (t) => {
  const store = await openStore(t);
  await store.transaction('ban', (tx) => addQuarantine(tx, ban));
  assert.deepEqual(await quarantined(store.read, 'scorer'), new Map([['1.3.0', ban]]));
  assert.deepEqual(await quarantined(store.read, 'other'), new Map());
  assert.equal(await store.transaction('lift', (tx) => liftQuarantine(tx, { ...lift, version: '1.2.0' })), false);
  assert.equal(await store.transaction('lift', (tx) => liftQuarantine(tx, lift)), true);
  assert.equal(await store.transaction('lift', (tx) => liftQuarantine(tx, lift)), false);
  assert.deepEqual(await quarantined(store.read, 'scorer'), new Map());
  assert.deepEqual(
    (await readHistory(store.read, 'scorer')).map(({ kind }) => kind),
    ['unquarantined', 'quarantined'],
  );
});

test('a second quarantine gives the newer reason and the first time; one after a lift begins anew', async (t) => {
  const store = await openStore(t);
  const again = { ...ban, since: 8, reason: 'worse', operation: 'op2' };
  await store.transaction('ban', (tx) => addQuarantine(tx, ban));
  await store.transaction('ban', (tx) => addQuarantine(tx, again));
  assert.deepEqual((await quarantined(store.read, 'scorer')).get('1.3.0'), { ...again, since: 5 });
  await store.transaction('lift', (tx) => liftQuarantine(tx, lift));
  await store.transaction('ban', (tx) => addQuarantine(tx, again));
  assert.deepEqual((await quarantined(store.read, 'scorer')).get('1.3.0'), again);
});
