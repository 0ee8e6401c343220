import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { test } from 'node:test';
import { send } from './fixtures/send.ts';
import { service, TestHost, until } from './fixtures/test-host.ts';

test('a version that exits at once is given up with what it said, and tried anew when it is wanted anew', async () => {
  await using host = await TestHost.start();
  await host.want([host.version('1.0.0', { BEHAVIOUR: 'exit' })]);
  const hosted = await host.when(
    'it is given up',
    ({ versions }) => versions[0]?.failed !== null && versions[0]?.copies.length === 0,
  );
  assert.equal(
    hosted.versions[0]?.failed,
    'it ended 3 times before it was ready, last with code 7: Error: the weights file is empty',
  );
  assert.equal(host.events().filter(({ event }) => event === 'started').length, 3);
  const request = { fence: 1, key: 'again', policy: host.policy(), versions: [host.version('1.0.0', { BEHAVIOUR: 'exit' })] };
  await host.client.want(service, request, AbortSignal.timeout(10_000));
  await until('it was tried three times more', () =>
    host.events().filter(({ event }) => event === 'gave-up').length === 2 ? true : undefined,
  );
  await host.client.want(service, request, AbortSignal.timeout(10_000));
  assert.notEqual((await host.hosted()).versions[0]?.failed, null);
});

test('a command that cannot be run says so', async () => {
  await using host = await TestHost.start();
  await host.want([host.version('1.0.0', {}, { command: ['/no/such/program'] })]);
  const hosted = await host.when('it is given up', ({ versions }) => versions[0]?.failed !== null);
  assert.match(hosted.versions[0]?.failed ?? '', /before it ran: spawn \/no\/such\/program ENOENT$/);
});

test('a version that never becomes ready is given up in time and ended', async () => {
  await using host = await TestHost.start();
  await host.want([host.version('1.0.0', { BEHAVIOUR: 'never-ready' }, { copies: 2 })], { readyWithin: 700 });
  const hosted = await host.when(
    'it is given up and gone',
    ({ versions }) => versions[0]?.failed !== null && versions[0]?.copies.length === 0,
  );
  assert.match(hosted.versions[0]?.failed ?? '', /^it was not ready within 700 ms/);
});

test('a version that serves is never given up: it is started again for as long as it has a share', async () => {
  await using host = await TestHost.start();
  const address = await host.full([host.version('1.0.0')]);
  for (let death = 0; death < 6; death += 1) {
    const hosted = await host.when(
      'it is ready',
      ({ versions }) => versions[0]?.copies[0]?.state === 'ready' && versions[0].copies[0].restarts === death,
    );
    process.kill(hosted.versions[0]?.copies[0]?.pid ?? 0, 'SIGKILL');
  }
  const looping = await host.when('it is seen to loop', ({ versions }) => versions[0]?.failed !== null);
  assert.match(looping.versions[0]?.failed ?? '', /^it ended 6 times within a minute, last by SIGKILL/);
  await host.when(
    'it is ready again',
    ({ versions }) => versions[0]?.copies[0]?.state === 'ready' && versions[0].copies[0].restarts === 6,
  );
  assert.equal((await send(`${address}/v2/models/m/infer`)).status, 200);
  assert.match((await host.hosted()).versions[0]?.failed ?? '', /^it ended/);
});

test('a copy that finds its port taken is started on another; one that insists on a taken port is given up', async () => {
  const other = createServer().listen(0, '127.0.0.1').unref();
  await new Promise((resolve) => other.once('listening', resolve));
  await using host = await TestHost.start();
  await host.want([host.version('1.0.0', { BEHAVIOUR: 'own-port', OWN_PORT: String((other.address() as AddressInfo).port) })]);
  const hosted = await host.when('it is given up', ({ versions }) => versions[0]?.failed !== null);
  assert.match(hosted.versions[0]?.failed ?? '', /EADDRINUSE/);
  assert.equal(host.events().filter(({ event }) => event === 'started').length, 6);
  other.close();
});

test('an address that is taken is named, and taken over once it is free', async () => {
  const other = createServer((_, response) => response.end('other'))
    .listen(0, '127.0.0.1')
    .unref();
  await new Promise((resolve) => other.once('listening', resolve));
  const { port } = other.address() as AddressInfo;
  await using host = await TestHost.start();
  const { address, listenProblem } = await host.serve([host.version('1.0.0')], { listen: `127.0.0.1:${port}` });
  assert.equal(address, null);
  assert.match(listenProblem ?? '', new RegExp(`^127\\.0\\.0\\.1:${port}: .*EADDRINUSE`));
  await host.route({ '1.0.0': 100 });
  await new Promise((resolve) => other.close(resolve));
  const hosted = await host.when('it listens', (each) => each.address !== null);
  assert.equal(hosted.listenProblem, null);
  assert.equal((await send(`http://127.0.0.1:${port}/v2/models/m/infer`)).status, 200);
});
