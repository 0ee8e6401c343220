import assert from 'node:assert/strict';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { test } from 'node:test';
import { liftHold, setHold } from '../../src/registry/hold.ts';
import { readHistory } from '../../src/registry/history.ts';
import { movePointer } from '../../src/registry/pointer.ts';
import { ensureService, listServices, raiseFence, readService } from '../../src/registry/services.ts';
import type { Store, Transacted } from '../../src/store/store.ts';
import { openStore, temporaryFolder } from '../contract/store-fixture.ts';
import { problemOf, register } from './fixture.ts';

async function scorer(store: Store): Promise<void> {
  await store.transaction('ensure', (tx) => ensureService(tx, 'scorer', 'fraud'));
}

function point(version: string) {
  return (tx: Transacted): Promise<boolean> =>
    movePointer(tx, { service: 'scorer', version, at: 7, operation: 'op1', actor: 'ann', reason: 'better', source: 'witnessed' });
}

test('a service is made once and is found again', async (t) => {
  const store = await openStore(t);
  assert.equal(await readService(store.read, 'scorer'), null);
  await scorer(store);
  await scorer(store);
  const state = { service: 'scorer', model: 'fraud', pointer: null, pointedAt: null, fence: 0, hold: null };
  assert.deepEqual(await readService(store.read, 'scorer'), state);
  assert.deepEqual(await listServices(store.read), [state]);
});

test('a service without a past may change its model, one with a past may not', async (t) => {
  const store = await openStore(t);
  await scorer(store);
  await store.transaction('ensure', (tx) => ensureService(tx, 'scorer', 'churn'));
  assert.equal((await readService(store.read, 'scorer'))?.model, 'churn');
  await scorer(store);
  await register(store, '1.0.0');
  await store.transaction('point', point('1.0.0'));
  const problem = await problemOf(store.transaction('ensure', (tx) => ensureService(tx, 'scorer', 'churn')));
  assert.equal(problem.code, 'config.invalid');
  assert.equal((await readService(store.read, 'scorer'))?.model, 'fraud');
});

test('a name that could be taken for an option or a path is refused', async (t) => {
  const store = await openStore(t);
  for (const name of ['--force', '../x', 'a..b', '']) {
    assert.equal((await problemOf(store.transaction('ensure', (tx) => ensureService(tx, name, 'fraud')))).code, 'name.invalid');
  }
  assert.deepEqual(await listServices(store.read), []);
});

test('a raised fence is above the database and above what was seen elsewhere, and is never given out twice', async (t) => {
  const store = await openStore(t);
  await scorer(store);
  const raise = (atLeast: number): Promise<number> => store.transaction('fence', (tx) => raiseFence(tx, 'scorer', atLeast));
  assert.equal(await raise(0), 1);
  assert.equal(await raise(41), 42);
  assert.equal(await raise(7), 43);
  assert.equal((await readService(store.read, 'scorer'))?.fence, 43);
  for (const absurd of [Number.NaN, -1, 1.5, Number.POSITIVE_INFINITY, Number.MAX_SAFE_INTEGER]) {
    assert.equal((await problemOf(raise(absurd))).code, 'bug');
  }
  assert.equal(await raise(0), 44);
  const unknown = store.transaction('fence', (tx) => raiseFence(tx, 'nobody', 1));
  assert.equal((await problemOf(unknown)).code, 'service.unknown');
});

test('two that raise the fence at once get two fences', async (t) => {
  const file = join(temporaryFolder(t), 'sofare.db');
  const stores = [await openStore(t, file), await openStore(t, file)];
  await scorer(stores[0] as Store);
  const raised = await Promise.all(
    Array.from({ length: 20 }, (_, index) =>
      (stores[index % 2] as Store).transaction('fence', (tx) => raiseFence(tx, 'scorer', 0)),
    ),
  );
  assert.deepEqual(
    raised.toSorted((a, b) => a - b),
    Array.from({ length: 20 }, (_, index) => index + 1),
  );
});

test('the pointer and its event are one transaction', async (t) => {
  const store = await openStore(t);
  await scorer(store);
  await register(store, '1.0.0');
  const failing = store.transaction('point', async (tx) => {
    await point('1.0.0')(tx);
    throw new Error('stopped');
  });
  await assert.rejects(failing, /stopped/);
  assert.equal((await readService(store.read, 'scorer'))?.pointer, null);
  assert.deepEqual(await readHistory(store.read, 'scorer'), []);
  assert.equal(await store.transaction('point', point('1.0.0')), true);
  const state = await readService(store.read, 'scorer');
  assert.deepEqual([state?.pointer, state?.pointedAt], ['1.0.0', 7]);
  const [event] = await readHistory(store.read, 'scorer');
  assert.deepEqual(
    [event?.kind, event?.version, event?.operation, event?.actor, event?.reason],
    ['pointed', '1.0.0', 'op1', 'ann', 'better'],
  );
});

test('moving the pointer to where it is writes nothing', async (t) => {
  const store = await openStore(t);
  await scorer(store);
  await register(store, '1.0.0');
  await store.transaction('point', point('1.0.0'));
  assert.equal(await store.transaction('point', point('1.0.0')), false);
  assert.equal((await readHistory(store.read, 'scorer')).length, 1);
});

test('the pointer never names a version that does not exist', async (t) => {
  const store = await openStore(t);
  await scorer(store);
  await register(store, '1.0.0', { model: 'churn' });
  assert.equal((await problemOf(store.transaction('point', point('1.0.0')))).code, 'version.unknown');
  assert.equal((await readService(store.read, 'scorer'))?.pointer, null);
});

test('a hold stands until it is lifted, and both are told in the history', async (t) => {
  const store = await openStore(t);
  await scorer(store);
  const hold = { since: 5, reason: 'rolled back', actor: 'ann', operation: 'op1' };
  await store.transaction('hold', (tx) => setHold(tx, 'scorer', hold));
  assert.deepEqual((await readService(store.read, 'scorer'))?.hold, hold);
  assert.equal(await store.transaction('unhold', (tx) => liftHold(tx, 'scorer', 'bob', 'fixed', 9)), true);
  assert.equal(await store.transaction('unhold', (tx) => liftHold(tx, 'scorer', 'bob', 'fixed', 10)), false);
  assert.equal((await readService(store.read, 'scorer'))?.hold, null);
  const told = (await readHistory(store.read, 'scorer')).map(({ kind, at, actor, reason }) => ({ kind, at, actor, reason }));
  assert.deepEqual(told, [
    { kind: 'unheld', at: 9, actor: 'bob', reason: 'fixed' },
    { kind: 'held', at: 5, actor: 'ann', reason: 'rolled back' },
  ]);
});

test('a hold that cannot be read is damage, not the absence of a hold', async (t) => {
  const file = join(temporaryFolder(t), 'sofare.db');
  const store = await openStore(t, file);
  await scorer(store);
  const disk = new DatabaseSync(file);
  disk.exec(`update services set hold = '{"since":5,'`);
  disk.close();
  assert.equal((await problemOf(readService(store.read, 'scorer'))).code, 'registry.damaged');
});
