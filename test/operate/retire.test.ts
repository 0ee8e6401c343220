import assert from 'node:assert/strict';
import { test } from 'node:test';
import { deploy } from '../../src/operate/deploy.ts';
import { doDueTasks } from '../../src/operate/due.ts';
import { rollback } from '../../src/operate/rollback.ts';
import { type FakeEngine, fakeEngine, fakeService, register, request, rollbackRequest } from '../fixtures/fake-engine.ts';

const direct = (version: string) => ({ ...request(), version, shares: [100], every: 0 });

/** A service that was rolled back from 1.3.0 to 1.2.0, so that nothing needs 1.3.0 any more. */
async function rolledBack(warm: number): Promise<FakeEngine> {
  const fake = await fakeEngine({ service: { ...fakeService, keep: { ...fakeService.keep, warm } } });
  await register(fake.engine, '1.2.0', '1.3.0');
  for (const version of ['1.2.0', '1.3.0']) await deploy(fake.engine, direct(version));
  await rollback(fake.engine, rollbackRequest());
  return fake;
}

test('a version that was left is stopped when its time is over', async () => {
  const { engine, world } = await rolledBack(0);
  await doDueTasks(engine, request());
  assert.deepEqual([...world.versions.keys()], ['1.2.0']);
});

test('a version that was left keeps running until its time is over', async () => {
  const { engine, world } = await rolledBack(3_600_000);
  await doDueTasks(engine, request());
  assert.deepEqual([...world.versions.keys()].sort(), ['1.2.0', '1.3.0']);
});

test('a task that is due looks again: a version that serves by then is not stopped', async () => {
  const { engine, world } = await rolledBack(0);
  await deploy(engine, { ...direct('1.3.0'), overrides: ['hold', 'quarantine'] });
  await doDueTasks(engine, request());
  assert.deepEqual(world.weights, { '1.3.0': 100 });
  assert.ok(world.versions.has('1.3.0'));
});
