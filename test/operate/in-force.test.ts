import assert from 'node:assert/strict';
import { test } from 'node:test';
import { deploy } from '../../src/operate/deploy.ts';
import { resume } from '../../src/operate/resume.ts';
import { setHold } from '../../src/registry/hold.ts';
import { readShares } from '../../src/registry/shares.ts';
import { fakeEngine, register, request } from '../fixtures/fake-engine.ts';

const direct = (version: string) => ({ ...request(), version, shares: [100], every: 0 });

/** A deploy that moved all traffic and died before it could say so, and another process. */
async function left() {
  let armed = false;
  const hit = (name: string): void => {
    if (armed && name === 'route.after-apply') throw new Error('died');
  };
  const { engine, world, another } = await fakeEngine({ failpoints: { hit } });
  await register(engine, '1.0.0', '1.1.0');
  await deploy(engine, direct('1.0.0'));
  const before = { fence: world.fence, weights: world.weights, address: 'http://traffic' };
  armed = true;
  await assert.rejects(deploy(engine, direct('1.1.0')), /died/);
  assert.deepEqual(await readShares(engine.store.read, engine.service.name), { '1.0.0': 100 });
  return { world, before, other: another() };
}

test('who abandons what died between a write and its journal lets the registry know what is in force, not what it was', async (t) => {
  const { world, before, other } = await left();
  t.after(() => other.store.close());
  // Reading lags: the world as it was before the write.
  const lag = [before, before, before];
  const read: typeof world.traffic.read = async (signal) => lag.pop() ?? world.traffic.read(signal);
  const lagging = { ...other, world: { ...world, traffic: { ...world.traffic, read } } };
  const outcome = await resume(lagging, { ...request(), operation: null, abandon: true });
  assert.equal(outcome.kind === 'ran' && outcome.operation.state, 'abandoned');
  assert.deepEqual(world.weights, { '1.1.0': 100 });
  assert.deepEqual(await readShares(other.store.read, other.service.name), world.weights);
});

test('a hold stops such a deploy where it stands, which is where its write has left it', async (t) => {
  const { world, other } = await left();
  t.after(() => other.store.close());
  const { name } = other.service;
  const hold = { reason: 'wait', actor: 'ben', operation: null };
  await other.store.transaction('hold', (transaction, since) => setHold(transaction, name, { ...hold, since }));
  const outcome = await resume(other, { ...request({ overrides: ['hold'] }), operation: null, abandon: false });
  assert.equal(outcome.kind === 'ran' && outcome.operation.state, 'open');
  assert.deepEqual(await readShares(other.store.read, name), world.weights);
  assert.deepEqual(world.recorded.value?.shares, world.weights);
});
