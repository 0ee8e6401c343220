import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ProblemError } from '../../src/model/errors.ts';
import { send } from './fixtures/send.ts';
import { TestHost, until } from './fixtures/test-host.ts';

test('a retired copy ends what it has in flight, gets nothing new, and is then told to end', async () => {
  await using host = await TestHost.start();
  const address = await host.full([host.version('1.0.0'), host.version('2.0.0')]);
  const gate = host.gate();
  const slow = send(`${address}/v2/models/m/infer?${gate.query}`, { method: 'POST', body: '{}' });
  await until('it is on its way', async () => ((await host.hosted()).versions[0]?.copies[0]?.inFlight === 1 ? true : undefined));
  await host.route({ '2.0.0': 100 });
  await host.retire('1.0.0');
  assert.equal((await send(`${address}/v2/models/m/infer`)).headers['x-sofare-version'], '2.0.0');
  assert.deepEqual(
    host.noted().filter((line) => line.endsWith('SIGTERM')),
    [],
  );
  gate.open();
  assert.deepEqual([(await slow).status, (await slow).headers['x-sofare-version']], [200, '1.0.0']);
  await host.when('it is gone', ({ versions }) => versions.length === 1);
  assert.equal(host.noted().filter((line) => line.endsWith('SIGTERM')).length, 1);
});

test('a copy that ignores the request to end is made to end', async () => {
  await using host = await TestHost.start();
  await host.full([host.version('1.0.0'), host.version('2.0.0', { BEHAVIOUR: 'ignores-term' })], { stopWithin: 500 });
  const [stubborn = 0] = await host.pids('2.0.0');
  await host.retire('2.0.0');
  await host.when('it is gone', ({ versions }) => versions.length === 1);
  assert.ok(host.noted().some((line) => line.endsWith('SIGTERM')));
  assert.equal(host.running().includes(stubborn), false);
});

test('a request that never ends does not keep a copy for ever', async () => {
  await using host = await TestHost.start();
  const address = await host.full([host.version('1.0.0'), host.version('2.0.0')], { stopWithin: 500 });
  const hanging = send(`${address}/hang`, { method: 'POST', body: '{}' });
  await until('it is on its way', async () => ((await host.hosted()).versions[0]?.copies[0]?.inFlight === 1 ? true : undefined));
  await host.route({ '2.0.0': 100 });
  await host.retire('1.0.0');
  await host.when('it is gone', ({ versions }) => versions.length === 1);
  assert.equal((await hanging).status, 502);
});

test('a version that is wanted again while it leaves is there again', async () => {
  await using host = await TestHost.start();
  await host.full([host.version('1.0.0'), host.version('2.0.0', { BEHAVIOUR: 'ignores-term' })], { stopWithin: 1_500 });
  const [leaving = 0] = await host.pids('2.0.0');
  await host.retire('2.0.0');
  await host.when('it leaves', ({ versions }) => versions[1]?.copies[0]?.state === 'stopping');
  await host.want([host.version('2.0.0')], { stopWithin: 1_500 });
  await host.when('the old copy is gone and a new one is ready', ({ versions }) => {
    const copies = versions.find(({ version }) => version === '2.0.0')?.copies ?? [];
    return copies.length === 1 && copies[0]?.state === 'ready' && copies[0].pid !== leaving;
  });
});

test('fewer or more copies are wanted while requests run, and none is lost', async () => {
  await using host = await TestHost.start();
  const address = await host.full([host.version('1.0.0', {}, { copies: 3 })]);
  const gate = host.gate();
  const requests = Array.from({ length: 30 }, () =>
    send(`${address}/v2/models/m/infer?${gate.query}`, { method: 'POST', body: '{}' }),
  );
  await until('they are on their way', async () =>
    (await host.hosted()).versions[0]?.copies.reduce((sum, { inFlight }) => sum + inFlight, 0) === 30 ? true : undefined,
  );
  await host.want([host.version('1.0.0')]);
  gate.open();
  await host.when('one copy is left', ({ versions }) => versions[0]?.copies.length === 1);
  assert.deepEqual([...new Set((await Promise.all(requests)).map(({ status }) => status))], [200]);
  await host.serve([host.version('1.0.0', {}, { copies: 2 })]);
});

test('a host that goes down takes nothing new, ends everything, and comes back with what was wanted', async () => {
  await using host = await TestHost.start();
  const address = await host.full([host.version('1.0.0')]);
  const gate = host.gate();
  const slow = send(`${address}/v2/models/m/infer?${gate.query}`);
  await until('it is on its way', async () => ((await host.hosted()).versions[0]?.copies[0]?.inFlight === 1 ? true : undefined));
  await host.client.down(AbortSignal.timeout(10_000));
  await assert.rejects(
    host.want([host.version('2.0.0')]),
    (error) => error instanceof ProblemError && error.problem.code === 'target.unreachable',
  );
  gate.open();
  assert.equal((await slow).status, 200);
  await new Promise((resolve) => (host.parent.exitCode === null ? host.parent.once('exit', resolve) : resolve(null)));
  assert.equal(host.parent.exitCode, 0);
  assert.deepEqual(host.running(), []);
  await using again = await TestHost.startIn(host.directory);
  await again.when('it listens', (each) => each.address === address);
  assert.equal((await send(`${address}/v2/models/m/infer`)).headers['x-sofare-version'], '1.0.0');
});

test('a copy that fails its probes leaves the choice until it passes again, unless it is the last', async () => {
  await using host = await TestHost.start();
  const address = await host.full([host.version('1.0.0', {}, { copies: 2 })]);
  const [sick, well] = (await host.hosted()).versions[0]?.copies ?? [];
  await send(`http://127.0.0.1:${sick?.port}/unready`);
  await host.when(
    'it has left the choice',
    ({ versions }) => versions[0]?.copies.some(({ id, state }) => id === sick?.id && state === 'unready') ?? false,
  );
  const served = async (): Promise<readonly unknown[]> => [
    ...new Set(
      (await Promise.all(Array.from({ length: 20 }, () => send(`${address}/v2/models/m/infer`)))).map(
        ({ headers }) => headers['x-sofare-instance'],
      ),
    ),
  ];
  assert.deepEqual(await served(), [well?.id]);
  await send(`http://127.0.0.1:${well?.port}/unready`);
  await host.when('both have', ({ versions }) => versions[0]?.copies.every(({ state }) => state === 'unready') ?? false);
  assert.deepEqual([...(await served())].sort(), [sick?.id, well?.id].sort());
  await assert.rejects(
    host.route({ '1.0.0': 100 }),
    (error) => error instanceof ProblemError && error.problem.code === 'target.not-ready',
  );
  await send(`http://127.0.0.1:${sick?.port}/ready`);
  await host.when(
    'it is back',
    ({ versions }) => versions[0]?.copies.some(({ id, state }) => id === sick?.id && state === 'ready') ?? false,
  );
  assert.deepEqual(await served(), [sick?.id]);
});
