import assert from 'node:assert/strict';
import { test } from 'node:test';
import { listOperations } from '../../src/execute/read.ts';
import { ProblemError } from '../../src/model/errors.ts';
import { deploy } from '../../src/operate/deploy.ts';
import { exitOf } from '../../src/operate/outcome.ts';
import { rollback } from '../../src/operate/rollback.ts';
import { type FakeEngine, fakeEngine, register, request, rollbackRequest } from '../fixtures/fake-engine.ts';

const direct = (version: string) => ({ ...request(), version, shares: [100], every: 0 });

async function serving(version: string): Promise<FakeEngine> {
  const fake = await fakeEngine();
  await register(fake.engine, '1.2.0', '1.3.0', '1.4.0');
  await deploy(fake.engine, direct(version));
  return fake;
}

test('a plan that was agreed to while another change went through is refused, and that change stands', async () => {
  const { engine, world, another, dead } = await serving('1.2.0');
  const other = another();
  dead.clear();
  const agreed = deploy(engine, {
    ...direct('1.3.0'),
    consent: async () => {
      await deploy(other, direct('1.4.0'));
      return true;
    },
  });
  await assert.rejects(agreed, (error) => error instanceof ProblemError && error.problem.code === 'plan.stale');
  assert.deepEqual(world.weights, { '1.4.0': 100 });
  assert.equal((await listOperations(engine.store.read, 'fraud-scorer', 10)).length, 2);
});

test('whoever finds a higher fence in the record beside the target has lost the service, and moves nothing', async () => {
  const { engine, world } = await serving('1.2.0');
  const writes = [...world.writes];
  const waiting = new AbortController();
  // Whoever has lost waits for how the other one ends. Nobody else is at work here, so the wait is ended instead.
  const clock = { ...engine.clock, wait: async () => waiting.abort() };
  await deploy(
    { ...engine, clock },
    {
      ...direct('1.3.0'),
      signal: waiting.signal,
      consent: async () => {
        const { revision, value } = world.recorded;
        assert.ok(value);
        world.recorded = { revision: revision + 1, value: { ...value, fence: value.fence + 100 } };
        return true;
      },
    },
  ).catch(() => null);
  assert.deepEqual(world.weights, { '1.2.0': 100 });
  assert.deepEqual(world.writes, writes);
});

test('a swap of the record that came too late is done again on what the other one wrote', async () => {
  const { engine, world } = await serving('1.2.0');
  let late = 0;
  world.faults.before = (call) => {
    if (call === 'swap' && late++ === 0) world.recorded = { ...world.recorded, revision: world.recorded.revision + 1 };
  };
  let during: string | undefined;
  world.faults.after = (call) => {
    if (call === 'write') during = world.recorded.value?.operation?.plan.to;
  };
  await deploy(engine, direct('1.3.0'));
  assert.equal(during, '1.3.0');
});

test('a write of an operation that was pushed aside is refused by what serves, however late it comes', async () => {
  const { engine, world } = await serving('1.2.0');
  await deploy(engine, { ...direct('1.3.0'), shares: [10] });
  const [canary] = await listOperations(engine.store.read, 'fraud-scorer', 1);
  assert.equal(exitOf(await rollback(engine, rollbackRequest())), 0);
  const late = world.traffic.write({ '1.3.0': 100 }, 'late', canary?.fence ?? 0, new AbortController().signal);
  await assert.rejects(late, (error) => error instanceof ProblemError && error.problem.code === 'superseded');
  assert.deepEqual(world.weights, { '1.2.0': 100 });
});
