import assert from 'node:assert/strict';
import { test } from 'node:test';
import { send } from './fixtures/send.ts';
import { TestHost } from './fixtures/test-host.ts';

test('a version comes up, is warmed, says who it is, and gets its share', async () => {
  await using host = await TestHost.start();
  const hosted = await host.serve([host.version('1.0.0', {}, { copies: 2 })], {
    warmup: { requests: 30, golden: [{ method: 'POST', path: '/v2/models/m/infer', body: '{}' }] },
  });
  const [version] = hosted.versions;
  assert.equal(version?.failed, null);
  assert.deepEqual(
    version?.copies.map(({ identity }) => identity),
    ['1.0.0', '1.0.0'],
  );
  const ids = version?.copies.map(({ id }) => id) ?? [];
  for (const id of ids) assert.equal(host.noted().filter((line) => line.startsWith(`${id} infer`)).length, 30);
  assert.equal((await send(`${hosted.address}/v2/models/m/infer`)).status, 503);
  await host.route({ '1.0.0': 100 });
  const answers = await Promise.all(Array.from({ length: 20 }, () => send(`${hosted.address}/v2/models/m/infer`)));
  assert.deepEqual([...new Set(answers.map(({ status }) => status))], [200]);
  assert.deepEqual([...new Set(answers.map(({ headers }) => headers['x-sofare-instance']))].sort(), [...ids].sort());
  const { arms, refused } = await host.counters();
  assert.equal(arms['1.0.0']?.requests, 20);
  assert.equal(
    arms['1.0.0']?.latency.reduce((sum, count) => sum + count, 0),
    20,
  );
  assert.equal(refused, 1);
});
