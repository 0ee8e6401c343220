import assert from 'node:assert/strict';
import { test } from 'node:test';
import { freshOf } from '../../src/model/fresh.ts';
import type { ArmCounters } from '../../src/model/hosting.ts';
import { send } from './fixtures/send.ts';
import { service, TestHost, until } from './fixtures/test-host.ts';

const labels = { answer: 'outputs[0].data[0]', compare: 'equal', wait: 60_000, pair: 1 } as const;
const requests = 24;

/** Asks one after the other, waits until nothing is on its way to any copy, and labels them all with the older version's answer. */
async function askAndLabel(host: TestHost, address: string, headers: Readonly<Record<string, string>> = {}): Promise<void> {
  const ids = Array.from({ length: requests }, (_, index) => `r${index}`);
  for (const id of ids)
    await send(`${address}/v2/models/m/infer`, {
      method: 'POST',
      body: '{"inputs":[]}',
      headers: { ...headers, 'x-request-id': id },
    });
  await until('nothing is on its way', async () => {
    const copies = (await host.hosted()).versions.flatMap((each) => each.copies);
    return copies.every(({ inFlight }) => inFlight === 0) ? true : undefined;
  });
  const lines = ids.map((id) => JSON.stringify({ id, label: '1.0.0' })).join('\n');
  await host.client.label(service, lines, AbortSignal.timeout(10_000));
}

function sum(arms: Readonly<Record<string, ArmCounters>>, pick: (arm: ArmCounters) => number): number {
  return Object.values(arms).reduce((all, arm) => all + pick(arm), 0);
}

test('while two versions share the traffic both are asked, the label compares them, and nothing but that is counted twice', async () => {
  await using host = await TestHost.start();
  const address = await host.full([host.version('1.0.0'), host.version('2.0.0')], { labels });
  await host.route({ '1.0.0': 50, '2.0.0': 50 });
  // No client can pass for a mirrored request.
  await askAndLabel(host, address, { 'x-sofare-mirrored': '1' });
  const noted = host.noted().filter((line) => line.includes('infer r'));
  assert.deepEqual([noted.length, noted.filter((line) => line.endsWith(' mirrored')).length], [2 * requests, requests]);
  const { arms } = await host.counters();
  assert.deepEqual(arms['1.0.0']?.pairs, { of: requests, wrong: 0, alone: 0 });
  assert.deepEqual(arms['2.0.0']?.pairs, { of: requests, wrong: requests, alone: requests });
  assert.equal(
    sum(arms, ({ requests: each }) => each),
    requests,
  );
  assert.equal(
    sum(arms, ({ sent = 0 }) => sent),
    requests,
  );
  assert.equal(
    sum(arms, ({ labels: { right, wrong } }) => right + wrong),
    requests,
  );
});

test('where users are counted, one user is one pair however often it asks', async () => {
  await using host = await TestHost.start();
  const address = await host.full([host.version('1.0.0'), host.version('2.0.0')], { labels, unit: 'x-user-id' });
  await host.route({ '1.0.0': 50, '2.0.0': 50 });
  await askAndLabel(host, address, { 'x-user-id': 'ana' });
  const { arms } = await host.counters();
  assert.deepEqual(arms['2.0.0']?.units?.pairs, { of: 1, wrong: 1, alone: 1 });
  assert.deepEqual(arms['1.0.0']?.units?.pairs, { of: 1, wrong: 0, alone: 0 });
});

test('nobody is asked twice with all traffic on one version, and a version that does not answer leaves no pair and no trace', async () => {
  await using host = await TestHost.start();
  const address = await host.full([host.version('1.0.0'), host.version('2.0.0')], { labels });
  await askAndLabel(host, address);
  assert.deepEqual(
    host.noted().filter((line) => line.endsWith(' mirrored')),
    [],
  );
  await host.route({ '1.0.0': 99, '2.0.0': 1 });
  // It has not ended, so it is still asked, and hangs; it is given up by nobody but the one who mirrors.
  const [pid] = await host.pids('2.0.0');
  process.kill(pid ?? 0, 'SIGSTOP');
  const answered = await send(`${address}/v2/models/m/infer`, {
    method: 'POST',
    body: '{}',
    headers: { 'x-request-id': 'served' },
  });
  process.kill(pid ?? 0, 'SIGCONT');
  assert.ok(answered.status === 200);
  const { arms } = await host.counters();
  assert.equal(arms['2.0.0']?.pairs, undefined);
});

test('with fresh copies of the stable version beside it, the new one is compared with them and with nothing else', async () => {
  await using host = await TestHost.start();
  const fresh = freshOf('1.0.0');
  const address = await host.full([host.version('1.0.0'), host.version('2.0.0'), host.version(fresh)], { labels });
  await host.route({ '1.0.0': 34, '2.0.0': 33, [fresh]: 33 });
  await askAndLabel(host, address);
  const { arms } = await host.counters();
  assert.equal(arms['1.0.0']?.pairs, undefined);
  assert.ok((arms['2.0.0']?.pairs?.of ?? 0) > 0 && (arms['2.0.0']?.pairs?.of ?? 0) < requests);
  assert.equal(arms['2.0.0']?.pairs?.of, arms[fresh]?.pairs?.of);
});
