import assert from 'node:assert/strict';
import { test } from 'node:test';
import { committedMemory } from '../../src/store/committed-memory.ts';
import { openStore } from '../contract/store-fixture.ts';

test('so many values are remembered of a database, the latest asked about; none inside a unit of work, and none of another database', async (t) => {
  const [store, other] = [await openStore(t), await openStore(t)];
  const memoryOf = committedMemory<number>(2);
  for (const [key, value] of [
    ['a', 1],
    ['b', 2],
    ['a', 3],
    ['c', 4],
  ] as const)
    memoryOf(store.read)?.set(key, value);
  assert.deepEqual(
    ['a', 'b', 'c'].map((key) => memoryOf(store.read)?.get(key)),
    [3, undefined, 4],
  );
  assert.equal(memoryOf(other.read)?.get('a'), undefined);
  await store.transaction('test', async (transaction) => assert.equal(memoryOf(transaction), null));
});
