import assert from 'node:assert/strict';
import { test } from 'node:test';
import { deploy } from '../../src/operate/deploy.ts';
import { resume } from '../../src/operate/resume.ts';
import { readShares } from '../../src/registry/shares.ts';
import { fakeEngine, register, request } from '../fixtures/fake-engine.ts';

test('who abandons what died between a write and its journal lets the registry know what is in force, not what it was', async (t) => {
  let armed = false;
  const hit = (name: string): void => {
    if (armed && name === 'route.after-apply') throw new Error('died');
  };
  const { engine, world, another } = await fakeEngine({ failpoints: { hit } });
  t.after(() => engine.store.close());
  const { name } = engine.service;
  await register(engine, '1.0.0', '1.1.0');
  await deploy(engine, { ...request(), version: '1.0.0', shares: [100], every: 0 });
  const before = { fence: world.fence, weights: world.weights, address: 'http://traffic' };
  armed = true;
  await assert.rejects(deploy(engine, { ...request(), version: '1.1.0', shares: [100], every: 0 }), /died/);
  assert.deepEqual(await readShares(engine.store.read, name), { '1.0.0': 100 });
  const lag = [before, before, before];
  const read: typeof world.traffic.read = async (signal) => lag.pop() ?? world.traffic.read(signal);
  const lagging = { ...another(), world: { ...world, traffic: { ...world.traffic, read } } };
  const outcome = await resume(lagging, { ...request(), operation: null, abandon: true });
  assert.equal(outcome.kind === 'ran' && outcome.operation.state, 'abandoned');
  assert.deepEqual(world.weights, { '1.1.0': 100 });
  assert.deepEqual(await readShares(engine.store.read, name), world.weights);
});
