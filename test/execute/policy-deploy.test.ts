import assert from 'node:assert/strict';
import { test } from 'node:test';
import { deploy } from '../../src/operate/deploy.ts';
import { promote } from '../../src/operate/promote.ts';
import { canaryPolicy } from '../fixtures/canary-policy.ts';
import { fakeEngine, register, request } from '../fixtures/fake-engine.ts';

const at = (version: string) => ({ ...request(), version, shares: [100], every: 0 });

async function inProduction(...versions: readonly string[]) {
  const made = await fakeEngine();
  await register(made.engine, ...versions);
  for (const version of versions) await deploy(made.engine, at(version));
  return made;
}

const by = (text: string) => ({ policy: { file: 'policy.yaml', text } });
const waiting = 'steps:\n  - setWeight: 20\n  - pause: {}';

test('a version that served within the rollback window and still runs goes straight to all traffic', async () => {
  const { engine, world } = await inProduction('1.0.0', '1.1.0', '1.2.0');
  const text = canaryPolicy({ canary: waiting, spec: 'rollbackWindow: { revisions: 2 }' });
  await deploy(engine, { ...at('1.0.0'), ...by(text) });
  assert.deepEqual(world.weights, { '1.0.0': 100 });
});

test('outside of the window it takes every step', async () => {
  const { engine, world } = await inProduction('1.0.0', '1.1.0', '1.2.0');
  const text = canaryPolicy({ canary: waiting, spec: 'rollbackWindow: { revisions: 1 }' });
  const outcome = await deploy(engine, { ...at('1.0.0'), ...by(text) });
  assert.deepEqual(world.weights, { '1.0.0': 20, '1.2.0': 80 });
  assert.equal(outcome.kind === 'ran' && outcome.operation.state, 'open');
  await promote(engine, request());
  assert.deepEqual(world.weights, { '1.0.0': 100 });
});

test('a first deploy passes a policy over, and says so', async () => {
  const { engine, world } = await fakeEngine();
  await register(engine, '1.0.0');
  const outcome = await deploy(engine, { ...at('1.0.0'), ...by(canaryPolicy({ canary: waiting })) });
  assert.deepEqual(world.weights, { '1.0.0': 100 });
  assert.ok(outcome.kind === 'ran' && outcome.operation.plan.notes.some((note) => note.includes('first deploy')));
});

test('a policy is refused where nothing is served, and the pointer does not move', async () => {
  const { engine } = await fakeEngine({ served: false });
  await register(engine, '1.0.0', '1.1.0');
  await deploy(engine, at('1.0.0'));
  await assert.rejects(
    deploy(engine, { ...at('1.1.0'), ...by(canaryPolicy({ canary: waiting })) }),
    /nothing of .* is served here/,
  );
});
