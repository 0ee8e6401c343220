import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ProblemError } from '../../src/model/errors.ts';
import { deploy } from '../../src/operate/deploy.ts';
import { promote } from '../../src/operate/promote.ts';
import { setHold } from '../../src/registry/hold.ts';
import { readService } from '../../src/registry/services.ts';
import { fakeEngine, register, request } from '../fixtures/fake-engine.ts';

const wait = { reason: 'wait', actor: 'ben', operation: null };

test('a hold keeps a version from being promoted; whoever overrides it ends it, and the promotion goes through', async (t) => {
  const { engine, world } = await fakeEngine();
  t.after(() => engine.store.close());
  const { name } = engine.service;
  await register(engine, '1.0.0', '1.1.0');
  await deploy(engine, { ...request(), version: '1.0.0', shares: [100], every: 0 });
  await deploy(engine, { ...request(), version: '1.1.0', shares: [20], every: 0 });
  await engine.store.transaction('hold', (transaction, since) => setHold(transaction, name, { ...wait, since }));
  await assert.rejects(
    promote(engine, request()),
    (error) => error instanceof ProblemError && error.problem.code === 'check.refused',
  );
  const outcome = await promote(engine, request({ overrides: ['hold'] }));
  assert.equal(outcome.kind === 'ran' && outcome.operation.state, 'completed');
  assert.deepEqual(world.weights, { '1.1.0': 100 });
  assert.equal((await readService(engine.store.read, name))?.hold, null);
});

test('a promote that a hold has stopped on its way is done anew by promote, and by nobody while the hold stands', async (t) => {
  const { engine, world } = await fakeEngine();
  t.after(() => engine.store.close());
  const { name } = engine.service;
  await register(engine, '1.0.0', '1.1.0');
  await deploy(engine, { ...request(), version: '1.0.0', shares: [100], every: 0 });
  await deploy(engine, { ...request(), version: '1.1.0', shares: [20], every: 0 });
  let held = false;
  world.faults.after = async (call) => {
    if (call !== 'swap' || held) return;
    held = true;
    await engine.store.transaction('hold', (transaction, since) => setHold(transaction, name, { ...wait, since }));
  };
  const stopped = await promote(engine, request());
  assert.equal(stopped.kind === 'ran' && stopped.operation.state, 'open');
  await assert.rejects(
    promote(engine, request()),
    (error) => error instanceof ProblemError && error.problem.code === 'check.refused',
  );
  assert.deepEqual(world.weights, { '1.0.0': 80, '1.1.0': 20 });
  const outcome = await promote(engine, request({ overrides: ['hold'] }));
  assert.equal(outcome.kind === 'ran' && outcome.operation.state, 'completed');
  assert.deepEqual(world.weights, { '1.1.0': 100 });
});
