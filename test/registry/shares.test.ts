import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Weights } from '../../src/model/observation.ts';
import { readHistory } from '../../src/registry/history.ts';
import { ensureService } from '../../src/registry/services.ts';
import { changeShares, readShares } from '../../src/registry/shares.ts';
import type { Store } from '../../src/store/store.ts';
import { openStore } from '../contract/store-fixture.ts';

async function change(store: Store, weights: Weights, requests: Readonly<Record<string, number>> = {}): Promise<void> {
  const told = { service: 'scorer', at: 5, weights, requests, operation: 'op1', actor: 'ann', reason: 'canary' };
  await store.transaction('shares', (tx) => changeShares(tx, told));
}

test('only the shares that changed are appended, with the requests of their version', async (t) => {
  const store = await openStore(t);
  await store.transaction('ensure', (tx) => ensureService(tx, 'scorer', 'fraud'));
  await change(store, { '1.0.0': 100 });
  await change(store, { '1.0.0': 90, '1.1.0': 10 }, { '1.0.0': 700 });
  await change(store, { '1.0.0': 90, '1.1.0': 10 }, { '1.0.0': 800 });
  await change(store, { '1.1.0': 100 }, { '1.0.0': 900, '1.1.0': 30 });
  const events = (await readHistory(store.read, 'scorer')).map(({ version, share, requests }) => [version, share, requests]);
  assert.deepEqual(events.toReversed(), [
    ['1.0.0', 100, null],
    ['1.0.0', 90, 700],
    ['1.1.0', 10, null],
    ['1.0.0', 0, 900],
    ['1.1.0', 100, 30],
  ]);
  assert.deepEqual(await readShares(store.read, 'scorer'), { '1.1.0': 100 });
});

test('a service that never had traffic has no shares', async (t) => {
  assert.deepEqual(await readShares((await openStore(t)).read, 'scorer'), {});
});
