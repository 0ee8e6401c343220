import assert from 'node:assert/strict';
import { test } from 'node:test';
import { resumptions } from '../../src/host/supervise-operations.ts';
import { laneHolder } from '../../src/execute/read.ts';
import { deploy } from '../../src/operate/deploy.ts';
import { doDueTasks } from '../../src/operate/due.ts';
import { resume } from '../../src/operate/resume.ts';
import { rollback } from '../../src/operate/rollback.ts';
import { fakeEngine, register, request, rollbackRequest } from '../fixtures/fake-engine.ts';

const direct = (version: string) => ({ ...request(), version, shares: [100], every: 0 });

for (const point of ['create.before-commit', 'create.after-commit']) {
  test(`a supervisor looks at what a process left that died at ${point}, before the record named its operation`, async () => {
    let armed = false;
    const hit = (name: string): void => {
      if (armed && name === point) throw new Error('died');
    };
    const { engine, world, dead } = await fakeEngine({ failpoints: { hit } });
    const supervised = { ...engine, supervised: true };
    await register(engine, '1.0.0', '1.1.0');
    await deploy(supervised, direct('1.0.0'));
    armed = true;
    await assert.rejects(deploy(supervised, direct('1.1.0')), /died/);
    dead.add(engine.processes.self());
    const begun = await laneHolder(engine.store.read, engine.service.name);
    assert.equal(begun?.state, point === 'create.before-commit' ? undefined : 'running');
    const left = resumptions(engine.service.name, world.recorded.value, Date.now() + 60_000, (owner) => dead.has(owner));
    assert.ok(left.length > 0);
  });
}

test('what was foretold of an operation is not taken back by who tells late how the one before it ended', async () => {
  let armed = false;
  const hit = (name: string): void => {
    if (armed && name === 'create.after-commit') throw new Error('died');
  };
  const { engine, world, dead, another } = await fakeEngine({ failpoints: { hit } });
  const supervised = { ...engine, supervised: true };
  await register(engine, '1.0.0', '1.1.0');
  await deploy(supervised, direct('1.0.0'));
  const open = await deploy(supervised, { ...direct('1.1.0'), shares: [10] });
  assert.ok(open.kind === 'ran');
  armed = true;
  await assert.rejects(rollback(supervised, rollbackRequest()), /died/);
  armed = false;
  await doDueTasks({ ...another(), supervised: true }, request());
  await resume({ ...another(), supervised: true }, { ...request(), operation: open.operation.id, abandon: false });
  const told = world.recorded.value;
  assert.deepEqual([told?.operation?.id, told?.operation?.state], [open.operation.id, 'superseded']);
  const left = resumptions(engine.service.name, told, Date.now() + 60_000, (owner) => dead.has(owner));
  assert.deepEqual(
    left.map(({ operation }) => operation),
    [null],
    'it looks for what the record does not name',
  );
});

test('what is foretold already is not taken back by a word of a dead process that is under way and lands late', async () => {
  let armed = false;
  const hit = (name: string): void => {
    if (armed && name === 'create.after-commit') throw new Error('died');
  };
  const { engine, world } = await fakeEngine({ failpoints: { hit } });
  const supervised = { ...engine, supervised: true };
  await register(engine, '1.0.0', '1.1.0');
  await deploy(supervised, direct('1.0.0'));
  const { revision, value } = world.recorded;
  assert.ok(value);
  assert.ok(await world.record.swap(revision, { ...value, nextTaskAt: 1 }, request().signal), 'something is due');
  const { nextTaskAt: _done, ...late } = value;
  armed = true;
  await assert.rejects(deploy(supervised, direct('1.1.0')), /died/);
  assert.equal(await world.record.swap(revision + 1, late, request().signal), false);
  assert.ok(world.recorded.value?.nextTaskAt);
});

test('without a supervisor nothing is foretold', async () => {
  const { engine, world } = await fakeEngine();
  await register(engine, '1.0.0', '1.1.0');
  await deploy(engine, direct('1.0.0'));
  const before = world.recorded.revision;
  await deploy(engine, direct('1.1.0'));
  assert.equal(world.recorded.revision - before, 2);
});

test('a deploy that was begun and not told to the record goes on, though something of ours was written under its fence meanwhile', async () => {
  let armed = false;
  const hit = (name: string): void => {
    if (armed && name === 'create.after-commit') throw new Error('died');
  };
  const { engine, world, another } = await fakeEngine({ failpoints: { hit } });
  await register(engine, '1.0.0', '1.1.0');
  await deploy(engine, direct('1.0.0'));
  armed = true;
  await assert.rejects(deploy(engine, direct('1.1.0')), /died/);
  armed = false;
  // As a version that nobody needs is stopped: under the fence of the database.
  world.fence = (await laneHolder(engine.store.read, engine.service.name))?.fence ?? 0;
  const outcome = await resume(another(), { ...request(), operation: null, abandon: false });
  assert.equal(outcome.kind === 'ran' && outcome.operation.state, 'completed');
});
