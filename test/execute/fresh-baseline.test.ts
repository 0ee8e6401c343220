import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ProblemError } from '../../src/model/errors.ts';
import type { Service } from '../../src/model/service.ts';
import { abort } from '../../src/operate/abort.ts';
import { deploy } from '../../src/operate/deploy.ts';
import { doDueTasks } from '../../src/operate/due.ts';
import { promote } from '../../src/operate/promote.ts';
import { resume } from '../../src/operate/resume.ts';
import { rollback } from '../../src/operate/rollback.ts';
import { readShares } from '../../src/registry/shares.ts';
import { type FakeEngine, fakeEngine, fakeService, register, request, rollbackRequest } from '../fixtures/fake-engine.ts';
import { fakeWorld } from '../fixtures/fake-world.ts';

/** What is left by itself stays warm for an hour, so that whatever is stopped at once was to be. */
const service: Service = {
  ...fakeService,
  guard: { ...fakeService.guard, baseline: 'fresh' },
  keep: { ...fakeService.keep, warm: 3_600_000 },
};
const to = (version: string, ...shares: readonly number[]) => ({ ...request(), version, shares, every: 0 });

/** 1.0.0 in production and 1.1.0 at 10 %, fresh copies of 1.0.0 beside it. */
async function beside(): Promise<FakeEngine> {
  const fake = await fakeEngine({ service });
  await register(fake.engine, '1.0.0', '1.1.0');
  await deploy(fake.engine, to('1.0.0', 100));
  await deploy(fake.engine, to('1.1.0', 10));
  return fake;
}

const running = ({ world }: FakeEngine): readonly string[] => [...world.versions.keys()].sort();

test('a canary gets fresh copies of the stable version beside it, with its share; the history knows versions only', async () => {
  const fake = await beside();
  assert.deepEqual(fake.world.weights, { '1.0.0': 80, '1.0.0@fresh': 10, '1.1.0': 10 });
  assert.deepEqual(await readShares(fake.engine.store.read, service.name), { '1.0.0': 90, '1.1.0': 10 });
  assert.equal(fake.world.versions.get('1.0.0@fresh')?.copies.length, 2);
  const { operation } = fake.world.recorded.value ?? {};
  assert.equal(operation?.plan.fresh, '1.0.0@fresh', 'the record tells of them');
});

for (const [how, end] of [
  ['promoted', (fake: FakeEngine) => promote(fake.engine, request())],
  ['aborted', (fake: FakeEngine) => abort(fake.engine, request())],
  ['rolled back', (fake: FakeEngine) => rollback(fake.engine, rollbackRequest())],
] as const) {
  test(`the fresh copies are stopped once the canary is ${how}`, async () => {
    const fake = await beside();
    await doDueTasks(fake.engine, request());
    assert.ok(running(fake).includes('1.0.0@fresh'), 'not while the canary is open');
    await end(fake);
    await doDueTasks(fake.engine, request());
    assert.deepEqual(running(fake), ['1.0.0', '1.1.0']);
  });
}

test('fresh copies that do not come up fail the deploy before any traffic moved, and are taken away', async () => {
  const fake = await fakeEngine({ service });
  await register(fake.engine, '1.0.0', '1.1.0');
  await deploy(fake.engine, to('1.0.0', 100));
  fake.world.neverReady.add('1.0.0@fresh');
  const outcome = await deploy(fake.engine, to('1.1.0', 10));
  assert.equal(outcome.kind === 'ran' && outcome.operation.state, 'failed');
  await doDueTasks(fake.engine, request());
  assert.deepEqual([fake.world.weights, running(fake)], [{ '1.0.0': 100 }, ['1.0.0']]);
});

test('fresh copies that an abandoned deploy left behind are taken away by the operation that comes next', async () => {
  const fake = await beside();
  const engine = fake.another();
  await resume(engine, { ...request(), operation: null, abandon: true });
  await rollback(engine, rollbackRequest({ to: '1.0.0' }));
  await doDueTasks(engine, request());
  assert.deepEqual([fake.world.weights, running(fake)], [{ '1.0.0': 100 }, ['1.0.0']]);
});

test('fresh copies, and a version, that have no share when their deploy is abandoned are stopped: no operation may ever come next', async () => {
  let armed = false;
  const hit = (name: string): void => {
    if (armed && name === 'route.intent.before-commit') throw new Error('died');
  };
  const fake = await fakeEngine({ service, failpoints: { hit } });
  await register(fake.engine, '1.0.0', '1.1.0');
  await deploy(fake.engine, to('1.0.0', 100));
  armed = true;
  await assert.rejects(deploy(fake.engine, to('1.1.0', 10)), /died/);
  assert.deepEqual(running(fake), ['1.0.0', '1.0.0@fresh', '1.1.0']);
  const engine = fake.another();
  await resume(engine, { ...request(), operation: null, abandon: true });
  await doDueTasks(engine, request());
  assert.deepEqual([fake.world.weights, running(fake)], [{ '1.0.0': 100 }, ['1.0.0']]);
});

test('without a share to watch there is nothing to compare, and no fresh copies', async () => {
  const fake = await fakeEngine({ service });
  await register(fake.engine, '1.0.0', '1.1.0');
  for (const version of ['1.0.0', '1.1.0']) await deploy(fake.engine, to(version, 100));
  assert.deepEqual(
    fake.world.writes.filter((line) => line.includes('@fresh')),
    [],
  );
});

test('a target that cannot run one version twice, or a path that counts nothing, says so before anything moves', async () => {
  for (const [cannot, why] of [
    ['twice', /cannot run one version twice/],
    ['counts', /does not count requests by version/],
  ] as const) {
    const world = fakeWorld();
    const { target, traffic } = world;
    Object.assign(target.can, { twice: cannot !== 'twice' });
    Object.assign(traffic.can, { counts: cannot !== 'counts' });
    const { engine } = await fakeEngine({ service, world });
    await register(engine, '1.0.0', '1.1.0');
    await deploy(engine, to('1.0.0', 100));
    const before = world.writes.length;
    await assert.rejects(
      deploy(engine, to('1.1.0', 10)),
      (error) => error instanceof ProblemError && why.test(error.problem.why),
    );
    assert.equal(world.writes.length, before);
  }
});
