import assert from 'node:assert/strict';
import { test } from 'node:test';
import { OpenLoop } from './fixtures/open-loop.ts';
import { servedByUnready } from './fixtures/served-by-unready.ts';
import { TestHost } from './fixtures/test-host.ts';

const switches = 30;

test('full switches with the old version retired right after lose no request and use no copy that is not ready', async () => {
  await using host = await TestHost.start();
  const address = await host.full([host.version('1.0.0')]);
  const reads = new OpenLoop(`${address}/v2/models/m/infer?takes=3`, 100);
  const writes = new OpenLoop(`${address}/v2/models/m/infer?takes=3`, 100, { method: 'POST', body: '{"inputs":[]}' });
  try {
    for (let index = 1; index <= switches; index += 1) {
      const [old, next] = [`1.0.${index - 1}`, `1.0.${index}`];
      await host.serve([host.version(next)]);
      await host.route({ [next]: 100 });
      await host.retire(old);
      await reads.more(5);
    }
  } finally {
    await Promise.all([reads.stop(), writes.stop()]);
  }
  const ledger = [...reads.ledger, ...writes.ledger];
  assert.deepEqual([...reads.lost, ...writes.lost], []);
  assert.deepEqual(servedByUnready(ledger, host.events()), []);
  assert.equal(new Set(ledger.map(({ headers }) => headers['x-sofare-version'])).size, switches + 1);
  const { arms, refused } = await host.counters();
  assert.equal(
    Object.values(arms).reduce((sum, arm) => sum + arm.requests, 0),
    ledger.length,
  );
  assert.equal(refused, 0);
  await host.when('only the last version is left', ({ versions }) => versions.length === 1);
});

test('once weights are acknowledged no request reaches a version without a share', async () => {
  await using host = await TestHost.start();
  const address = await host.full([host.version('1.0.0'), host.version('2.0.0')]);
  const load = new OpenLoop(`${address}/v2/models/m/infer`, 200);
  const settled: { readonly expected: string; readonly version: unknown }[] = [];
  try {
    for (let index = 0; index < 40; index += 1) {
      const expected = index % 2 === 0 ? '2.0.0' : '1.0.0';
      await host.route({ [expected]: 100 });
      // Answered before the next change is asked for: what is on its way by then may go either way.
      const answered = await load.answeredSince(performance.timeOrigin + performance.now(), 10);
      settled.push(...answered.map(({ headers }) => ({ expected, version: headers['x-sofare-version'] })));
    }
  } finally {
    await load.stop();
  }
  assert.deepEqual(
    settled.filter(({ expected, version }) => expected !== version),
    [],
  );
});
