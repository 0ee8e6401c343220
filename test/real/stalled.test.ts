import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { hostClient } from '../../src/adapters/kit/host-client.ts';
import { Load } from '../fixtures/load.ts';
import { configuration, Local } from '../fixtures/local.ts';
import { until } from '../host/fixtures/test-host.ts';

const stalling = `--import ${join(import.meta.dirname, '..', 'fixtures', 'stall-on-signal.mjs')}`;

test('a host whose event loop stands still for half a minute loses nobody but who gave up waiting, and starts nothing again', async (context) => {
  const stall = 30_000;
  await using local = new Local({ environment: { NODE_OPTIONS: stalling, STALL: String(stall) } });
  await local.must(0, 'up');
  for (const version of ['1.0.0', '1.1.0']) await local.must(0, 'register', version, local.model(version));
  await local.must(0, 'deploy', '1.0.0', '-y');
  const client = hostClient(join(local.directory, '.sofare', 'host'));
  const { pid, epoch } = await client.hello(AbortSignal.timeout(10_000));
  const { address } = await local.service();
  const load = new Load(address, 20);
  await load.answered(50);
  process.kill(pid, 'SIGUSR2');
  const from = performance.now();
  const deploy = await local.run(['deploy', '1.1.0', '-y']);
  const took = performance.now() - from;
  assert.equal(deploy.code, 0, deploy.errors);
  assert.ok(took >= stall - 1_000, `the host did not stand still: ${took} ms`);
  const lost = load.lost.length;
  await load.answered(load.answers.length + 50);
  await load.stop();
  assert.equal(load.lost.length, lost, 'once it moves again nothing is lost');
  assert.deepEqual(
    load.lost.filter(({ error }) => error !== 'no answer within 10 s'),
    [],
  );
  assert.equal((await client.hello(AbortSignal.timeout(10_000))).epoch, epoch);
  const hosted = await client.service('fraud-scorer', AbortSignal.timeout(10_000));
  assert.deepEqual(
    hosted?.versions.flatMap(({ copies }) => copies.map(({ restarts }) => restarts)).filter((each) => each > 0),
    [],
  );
  const { pointer, operation, differences } = await local.service();
  assert.deepEqual({ pointer, operation, differences }, { pointer: '1.1.0', operation: null, differences: [] });
  client.close();
  context.diagnostic(
    `the deploy took ${Math.round(took)} ms; ${load.lost.length} of ${load.answers.length} clients gave up after 10 s`,
  );
});

test('a guard whose event loop stands still longer than anything waits goes on with the same evidence', async (context) => {
  const stall = 12_000;
  const yaml = configuration(1, '    guard: { deadline: 90s }\n');
  await using local = new Local({ yaml });
  await local.must(0, 'up');
  for (const version of ['1.0.0', '1.1.0']) await local.must(0, 'register', version, local.model(version));
  await local.must(0, 'deploy', '1.0.0', '-y');
  const client = hostClient(join(local.directory, '.sofare', 'host'));
  const { address } = await local.service();
  const load = new Load(address, 150);
  await load.answered(200);
  const deploy = local.start(['deploy', '1.1.0', '--steps', '30,100', '--every', '3s', '-y'], {
    NODE_OPTIONS: stalling,
    STALL: String(stall),
  });
  let said = '';
  for (const stream of [deploy.stdout, deploy.stderr]) stream?.on('data', (part) => (said += part));
  const exit = new Promise<number | null>((resolve) => deploy.once('close', resolve));
  await until('the canary has its share', async () => {
    const { weights } = (await client.service('fraud-scorer', AbortSignal.timeout(10_000))) ?? {
      weights: {} as Record<string, number>,
    };
    return weights['1.1.0'] === 30 ? true : undefined;
  });
  deploy.kill('SIGUSR2');
  const from = performance.now();
  assert.equal(await exit, 0, said);
  const took = performance.now() - from;
  assert.ok(took >= stall, `it did not stand still: ${took} ms`);
  await load.stop();
  assert.deepEqual(load.lost, []);
  const { pointer, operation, differences } = await local.service();
  assert.deepEqual({ pointer, operation, differences }, { pointer: '1.1.0', operation: null, differences: [] });
  client.close();
  context.diagnostic(`ended ${Math.round(took)} ms after it began to stand still for ${stall} ms`);
});
