import assert from 'node:assert/strict';
import { test } from 'node:test';
import { killPairs, scenarios } from './pairs.ts';

/** One instant of so many; `npm run simulate -- --mode pairs` takes them all. */
const every = 61;

for (const scenario of scenarios) {
  test(`${scenario.kind}: killed, and killed again in its recovery, it ends as if nobody had died`, async (t) => {
    for (const supervised of [true, false]) {
      const { singles, pairs, broken } = await killPairs(scenario, supervised, every);
      assert.deepEqual(broken, []);
      assert.ok(singles > 0);
      t.diagnostic(`${supervised ? 'supervised' : 'alone'}: ${singles} kills, ${pairs} pairs`);
    }
  });
}
