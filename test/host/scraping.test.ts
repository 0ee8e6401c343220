import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { test } from 'node:test';
import { metricsPage } from '../../src/host/metrics-page.ts';
import { send } from './fixtures/send.ts';
import { TestHost, service, until } from './fixtures/test-host.ts';

const anywhere = { metrics: '127.0.0.1:0' };

async function scraped(address: string | null): Promise<ReadonlyMap<string, number>> {
  const page = await (await fetch(`${address}/metrics`)).text();
  const samples = page.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  return new Map(samples.map((line) => [line.slice(0, line.lastIndexOf(' ')), Number(line.slice(line.lastIndexOf(' ') + 1))]));
}

test('what is scraped is what was counted', async () => {
  await using host = await TestHost.start('--unsupervised');
  const address = await host.full([host.version('1.0.0')], anywhere);
  for (let index = 0; index < 20; index += 1) await send(`${address}/v2/models/m/infer`);
  const { metrics, weights } = (await host.client.service(service, AbortSignal.timeout(60_000)))!;
  const counted = (await host.client.counters(service, AbortSignal.timeout(60_000)))!.arms['1.0.0']!;
  const samples = await scraped(metrics);
  const of = (name: string, more = ''): number | undefined => samples.get(`${name}{service="${service}",version="1.0.0"${more}}`);
  assert.equal(counted.requests, 20);
  assert.equal(of('sofare_requests_total'), counted.requests);
  assert.equal(of('sofare_request_errors_total'), counted.errors);
  assert.equal(of('sofare_request_duration_seconds_count'), 20);
  assert.equal(of('sofare_request_duration_seconds_bucket', ',le="+Inf"'), 20);
  assert.equal(of('sofare_version_share'), weights['1.0.0']);
  assert.equal(of('sofare_copies_ready'), 1);
  assert.equal(of('sofare_copies_ended_total'), 0);
  assert.equal(samples.get(`sofare_requests_refused_total{service="${service}"}`), 0);
});

test('after a host died its page begins again at zero: a step back by the counts that died with it would look like all of them again', async () => {
  await using host = await TestHost.start('--unsupervised');
  const address = await host.full([host.version('1.0.0')], anywhere);
  const requests = `sofare_requests_total{service="${service}",version="1.0.0"}`;
  for (let index = 0; index < 40; index += 1) await send(`${address}/v2/models/m/infer`);
  await until('the counts are kept', () => {
    const file = join(host.directory, 'counters.json');
    return existsSync(file) && readFileSync(file, 'utf8').includes('"requests":40') ? true : undefined;
  });
  const { pid, epoch } = await host.client.hello(AbortSignal.timeout(60_000));
  process.kill(pid, 'SIGKILL');
  await until('another host answers', async () => {
    const hello = await host.client.hello(AbortSignal.timeout(60_000)).catch(() => null);
    return hello?.epoch === epoch + 1 ? true : undefined;
  });
  const { metrics } = await host.when('it can be scraped', (each) => each.metrics !== null && each.address !== null);
  assert.equal((await scraped(metrics)).get(requests) ?? 0, 0);
  for (let index = 0; index < 7; index += 1) await send(`${address}/v2/models/m/infer`);
  assert.equal((await scraped(metrics)).get(requests), 7);
});

test('only the page of the counters is there, and only to be read', async () => {
  await using host = await TestHost.start('--unsupervised');
  const { metrics } = await host.serve([host.version('1.0.0')], anywhere);
  assert.equal((await fetch(`${metrics}/`)).status, 404);
  assert.equal((await fetch(`${metrics}/metrics`, { method: 'POST' })).status, 405);
});

test('a taken address for scraping keeps nobody from being served, and is tried again until it is free', async () => {
  const other = createServer();
  const { port } = await new Promise<AddressInfo>((resolve) =>
    other.listen(0, '127.0.0.1', () => resolve(other.address() as AddressInfo)),
  );
  await using host = await TestHost.start('--unsupervised');
  const address = await host.full([host.version('1.0.0')], { metrics: `127.0.0.1:${port}` });
  assert.equal((await send(`${address}/v2/models/m/infer`)).status, 200);
  await new Promise((resolve) => other.close(resolve));
  const { metrics } = await host.when('it can be scraped', ({ metrics: place }) => place !== null);
  assert.equal((await fetch(`${metrics}/metrics`)).status, 200);
});

test('buckets hold what is at or under their edge, and no name breaks out of its quotes', () => {
  const latency = [1, 2, ...Array.from({ length: 119 }, () => 0), 4];
  const counts = { requests: 7, errors: 0, unanswered: 0, latency, labels: { right: 0, wrong: 0 } };
  const page = metricsPage({ service: 'a"b\\c\nd', arms: { '1.0.0': counts }, weights: {}, ready: {}, refused: 0 });
  const buckets = page.split('\n').filter((line) => line.includes('_bucket'));
  assert.deepEqual(
    [buckets[0], buckets[1], buckets.at(-1)].map((line) => /le="([^"]+)"\} (\d+)$/.exec(line ?? '')?.slice(1)),
    [
      ['0.0001', '1'],
      ['0.0001122', '3'],
      ['+Inf', '7'],
    ],
  );
  assert.ok(page.includes('service="a\\"b\\\\c\\nd"'));
});
