import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { hostEnds } from '../../src/host/run-host.ts';
import { OpenLoop } from './fixtures/open-loop.ts';
import { send } from './fixtures/send.ts';
import { servedByUnready } from './fixtures/served-by-unready.ts';
import { hostProgram, service, TestHost, until } from './fixtures/test-host.ts';

async function killHost(host: TestHost): Promise<void> {
  const { pid, epoch } = await host.client.hello(AbortSignal.timeout(10_000));
  process.kill(pid, 'SIGKILL');
  await until('another host answers', async () => {
    const hello = await host.client.hello(AbortSignal.timeout(10_000)).catch(() => null);
    return hello?.epoch === epoch + 1 ? true : undefined;
  });
}

/** What was counted of each version, without what is only looked up: how many of its copies run. */
async function keptCounts(host: TestHost) {
  const { arms } = await host.counters();
  return Object.fromEntries(Object.entries(arms).map(([version, { running: _, ...counts }]) => [version, counts]));
}

function endOf(words: readonly string[]): Promise<number | null> {
  const child = spawn(process.execPath, [hostProgram, ...words], { stdio: 'ignore' });
  return new Promise((resolve) => child.once('exit', (code) => resolve(code)));
}

test('a host that is killed is back with its children, its address, its weights, its record and its counts', async () => {
  await using host = await TestHost.start();
  const address = await host.full([host.version('1.0.0', {}, { copies: 2 }), host.version('2.0.0')]);
  await host.route({ '1.0.0': 80, '2.0.0': 20 });
  assert.equal(
    await host.client.swapRecord(
      service,
      { revision: 0, value: { fence: 1, hold: null, operation: null, entries: [] } },
      AbortSignal.timeout(10_000),
    ),
    true,
  );
  for (let index = 0; index < 50; index += 1) await send(`${address}/v2/models/m/infer`);
  await until('the counts are written', () =>
    contentOf(join(host.directory, 'counters.json')).includes('2.0.0') ? true : undefined,
  );
  const before = [await host.pids('1.0.0'), await host.pids('2.0.0')];
  // A client has its answer a moment before it is counted.
  const counted = await until('all are counted', async () => {
    const arms = await keptCounts(host);
    return Object.values(arms).reduce((sum, { requests }) => sum + requests, 0) === 50 ? arms : undefined;
  });
  // What was counted in the last second may be lost with the host: wait until it was not.
  await until('all counts are written', () => {
    const { [service]: saved } = JSON.parse(contentOf(join(host.directory, 'counters.json'))) as Record<
      string,
      { arms: unknown }
    >;
    return JSON.stringify(saved?.arms) === JSON.stringify(counted) ? true : undefined;
  });
  await killHost(host);
  const hosted = await host.when('it listens', (each) => each.address !== null);
  assert.equal(hosted.address, address);
  assert.deepEqual([await host.pids('1.0.0'), await host.pids('2.0.0')], before);
  assert.deepEqual(hosted.weights, { '1.0.0': 80, '2.0.0': 20 });
  assert.equal(hosted.fence, 1);
  assert.deepEqual(await keptCounts(host), counted);
  assert.equal((await host.client.record(service, AbortSignal.timeout(10_000))).revision, 1);
  assert.equal((await send(`${address}/v2/models/m/infer`)).status, 200);
  const [adopted = 0] = await host.pids('2.0.0');
  process.kill(adopted, 'SIGKILL');
  await host.when('an adopted copy is replaced', ({ versions }) =>
    versions.some(
      ({ version, copies }) => version === '2.0.0' && copies.some(({ pid, state }) => pid !== adopted && state === 'ready'),
    ),
  );
});

test('under load a killed host is an outage until it is back, and nothing else', async () => {
  await using host = await TestHost.start();
  const address = await host.full([host.version('1.0.0')]);
  const load = new OpenLoop(`${address}/v2/models/m/infer`, 100);
  await load.more(50);
  await killHost(host);
  await host.when('it listens', (each) => each.address !== null);
  const back = performance.timeOrigin + performance.now();
  await load.more(100);
  await load.stop();
  assert.ok(load.lost.length > 0);
  assert.deepEqual(
    load.lost.filter(({ at }) => at > back),
    [],
  );
  assert.deepEqual(servedByUnready(load.ledger, host.events()), []);
});

test('what died together with the host is started again before it listens', async () => {
  await using host = await TestHost.start();
  const address = await host.full([host.version('1.0.0', { SLOW_START: '500' })]);
  const [copy = 0] = await host.pids('1.0.0');
  const { pid } = await host.client.hello(AbortSignal.timeout(10_000));
  process.kill(pid, 'SIGSTOP');
  process.kill(copy, 'SIGKILL');
  process.kill(pid, 'SIGKILL');
  // Until it listens there is no answer at all; from then on there is a right one.
  const first = await until('somebody listens', async () => {
    const came = await send(`${address}/v2/models/m/infer`);
    return came.status === null ? undefined : came.status;
  });
  assert.equal(first, 200);
});

test('a version that was being retired when the host died is gone afterwards', async () => {
  await using host = await TestHost.start();
  const address = await host.full([host.version('1.0.0'), host.version('2.0.0', { BEHAVIOUR: 'ignores-term' })], {
    stopWithin: 3_000,
  });
  const [stubborn = 0] = await host.pids('2.0.0');
  await host.retire('2.0.0');
  await until('it was asked to leave', () => (host.noted().some((line) => line.endsWith('SIGTERM')) ? true : undefined));
  await killHost(host);
  await host.when('it is gone', ({ versions }) => versions.length === 1);
  assert.equal(host.running().includes(stubborn), false);
  assert.equal((await send(`${address}/v2/models/m/infer`)).status, 200);
});

test('a copy whose host died before it could remember the process is found and ended', async () => {
  await using host = await TestHost.start();
  await host.full([host.version('1.0.0')]);
  const { pid } = await host.client.hello(AbortSignal.timeout(10_000));
  const [forgotten = 0] = await host.pids('1.0.0');
  process.kill(pid, 'SIGSTOP');
  const file = join(host.directory, 'state.json');
  writeFileSync(
    file,
    JSON.stringify(JSON.parse(contentOf(file)), (key, value: unknown) => (key === 'process' ? null : value)),
  );
  process.kill(pid, 'SIGKILL');
  await host.when(
    'another one is ready',
    ({ versions }) => versions[0]?.copies.some((copy) => copy.state === 'ready' && copy.pid !== forgotten) ?? false,
  );
  assert.equal(host.running().includes(forgotten), false);
});

test('a second host of the same directory refuses, and the first goes on', async () => {
  await using host = await TestHost.start();
  const address = await host.full([host.version('1.0.0')]);
  assert.equal(await endOf(['--directory', host.directory]), hostEnds.another);
  assert.equal((await send(`${address}/v2/models/m/infer`)).status, 200);
  assert.equal((await host.client.hello(AbortSignal.timeout(10_000))).epoch, 1);
});

test('a state that cannot be read is never taken for an empty one; counts that cannot be read begin again', async () => {
  await using host = await TestHost.start();
  const address = await host.full([host.version('1.0.0')]);
  host.parent.kill('SIGTERM');
  await new Promise((resolve) => host.parent.once('exit', resolve));
  const state = contentOf(join(host.directory, 'state.json'));
  writeFileSync(join(host.directory, 'state.json'), state.slice(0, -20));
  assert.equal(await endOf(['--directory', host.directory]), hostEnds.unable);
  assert.equal(contentOf(join(host.directory, 'state.json')), state.slice(0, -20));
  writeFileSync(join(host.directory, 'state.json'), state);
  writeFileSync(join(host.directory, 'counters.json'), '{"scorer":');
  await using again = await TestHost.startIn(host.directory);
  const hosted = await again.when('it listens', (each) => each.address !== null);
  assert.equal(hosted.address, address);
  assert.deepEqual((await again.counters()).arms, {});
  assert.equal((await send(`${address}/v2/models/m/infer`)).status, 200);
});

function contentOf(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}
