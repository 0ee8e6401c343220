import assert from 'node:assert/strict';
import { Agent } from 'node:http';
import { test } from 'node:test';
import { OpenLoop } from './fixtures/open-loop.ts';
import { send } from './fixtures/send.ts';
import { TestHost, until } from './fixtures/test-host.ts';

test('a copy that is killed is started again in its place', async () => {
  await using host = await TestHost.start();
  await host.full([host.version('1.0.0')]);
  const [pid = 0] = await host.pids('1.0.0');
  process.kill(pid, 'SIGKILL');
  const hosted = await host.when(
    'another copy is ready',
    ({ versions }) => versions[0]?.copies.some((copy) => copy.state === 'ready' && copy.pid !== pid) ?? false,
  );
  assert.equal(hosted.versions[0]?.copies[0]?.restarts, 1);
  assert.equal(hosted.versions[0]?.failed, null);
  const { ended, running } = (await host.counters()).arms['1.0.0'] ?? {};
  assert.deepEqual([ended, running], [1, 1]);
  assert.deepEqual(
    host
      .events()
      .filter(({ version }) => version)
      .map(({ event }) => event),
    ['started', 'ready', 'exited', 'started', 'ready'],
  );
});

test('a request that may not be repeated is not, when the copy dies under it, fresh connection or kept one', async () => {
  await using host = await TestHost.start();
  const address = await host.full([host.version('1.0.0', {}, { copies: 2 })]);
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  // Warms the kept connections to both copies, so that the deadly request travels over a reused one.
  for (let index = 0; index < 4; index += 1) await send(`${address}/v2/models/m/infer`, { agent });
  const came = await send(`${address}/crash`, { method: 'POST', body: '{}', agent });
  assert.equal(came.status, 502);
  assert.equal(came.headers['x-sofare-origin'], 'proxy');
  assert.equal(host.noted().filter((line) => line.endsWith('POST /crash')).length, 1);
  await host.when(
    'both are ready again',
    ({ versions }) => versions[0]?.copies.filter(({ state }) => state === 'ready').length === 2,
  );
  assert.equal((await send(`${address}/crash`, { method: 'POST', body: '{}' })).status, 502);
  assert.equal(host.noted().filter((line) => line.endsWith('POST /crash')).length, 2);
  agent.destroy();
  assert.equal((await host.counters()).arms['1.0.0']?.unanswered, 2);
});

test('a request that may be repeated is answered by another copy of the same version', async () => {
  await using host = await TestHost.start();
  const address = await host.full([host.version('1.0.0', {}, { copies: 2 }), host.version('2.0.0')]);
  await host.route({ '1.0.0': 50, '2.0.0': 50 });
  const gate = host.gate();
  const slow = Array.from({ length: 40 }, (_, index) =>
    send(`${address}/v2/models/m/infer?${gate.query}`, { headers: { 'x-request-id': `slow-${index}` } }),
  );
  await until('all are on their way', async () =>
    (await host.hosted()).versions.flatMap(({ copies }) => copies).reduce((sum, { inFlight }) => sum + inFlight, 0) === 40
      ? true
      : undefined,
  );
  const [pid = 0] = await host.pids('1.0.0');
  process.kill(pid, 'SIGKILL');
  gate.open();
  const answers = await Promise.all(slow);
  assert.deepEqual(
    answers.filter(({ status }) => status !== 200),
    [],
  );
  assert.deepEqual(
    answers.filter(({ body, headers }) => !body.includes(String(headers['x-sofare-version']))),
    [],
  );
  assert.equal(new Set(answers.map(({ headers }) => headers['x-sofare-version'])).size, 2);
});

test('idle connections that a model closes without a word cost no request', async () => {
  await using host = await TestHost.start();
  const address = await host.full([host.version('1.0.0', { BEHAVIOUR: 'no-idle-hint', IDLE_TIMEOUT: '40' })]);
  const load = new OpenLoop(`${address}/v2/models/m/infer`, 25, { method: 'POST', body: '{}' });
  await load.more(150);
  await load.stop();
  assert.deepEqual(load.lost, []);
});

test('while every copy of one version is gone, the others with a share answer for it', async () => {
  await using host = await TestHost.start();
  const address = await host.full([host.version('1.0.0'), host.version('2.0.0', { SLOW_START: '700' })]);
  await host.route({ '1.0.0': 50, '2.0.0': 50 });
  const [pid = 0] = await host.pids('2.0.0');
  process.kill(pid, 'SIGKILL');
  await host.when('it is seen', ({ versions }) =>
    versions.every(({ version, copies }) => version === '1.0.0' || copies.every((copy) => copy.state !== 'ready')),
  );
  const answers = await Promise.all(Array.from({ length: 40 }, () => send(`${address}/v2/models/m/infer`)));
  assert.deepEqual([...new Set(answers.map(({ status, headers }) => `${status} ${headers['x-sofare-version']}`))], ['200 1.0.0']);
  assert.equal((await host.counters()).refused, 0);
});

test('what a copy started ends with it', async () => {
  await using host = await TestHost.start();
  const script = `const { spawn } = require('node:child_process'); spawn(process.execPath, ['-e', 'setInterval(() => {}, 1e6)'], { stdio: 'ignore' }); require('node:http').createServer((q, s) => s.end()).listen(process.env.PORT);`;
  await host.serve([host.version('1.0.0', {}, { command: [process.execPath, '-e', script] })], {
    readiness: { tcp: true },
    identity: null,
  });
  const [pid = 0] = await host.pids('1.0.0');
  const grown = host.running().length;
  process.kill(pid, 'SIGKILL');
  await host.when(
    'another one is ready',
    ({ versions }) => versions[0]?.copies.some((copy) => copy.restarts === 1 && copy.state === 'ready') ?? false,
  );
  await until('the orphan has ended', () => (host.running().length === grown ? true : undefined));
});

test('an end that was asked for is not counted', async () => {
  await using host = await TestHost.start();
  const address = await host.full([host.version('1.0.0', {}, { copies: 2 }), host.version('2.0.0')]);
  await host.route({ '1.0.0': 50, '2.0.0': 50 });
  for (let index = 0; index < 8; index += 1)
    await send(`${address}/v2/models/m/infer`, { headers: { 'x-request-id': `r${index}` } });
  const [pid = 0] = await host.pids('1.0.0');
  process.kill(pid, 'SIGKILL');
  await until('its end is counted', async () => ((await host.counters()).arms['1.0.0']?.ended === 1 ? true : undefined));
  await host.route({ '1.0.0': 100 });
  await host.retire('2.0.0');
  await host.when('the other one is gone', ({ versions }) => versions.every(({ version }) => version !== '2.0.0'));
  const { arms } = await host.counters();
  assert.deepEqual([arms['1.0.0']?.ended, arms['2.0.0']?.ended, arms['2.0.0']?.running], [1, 0, 0]);
});
