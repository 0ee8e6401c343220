import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Engine } from '../../src/execute/engine.ts';
import { listOperations } from '../../src/execute/read.ts';
import { abort } from '../../src/operate/abort.ts';
import { deploy } from '../../src/operate/deploy.ts';
import { guard } from '../../src/operate/guard.ts';
import type { Outcome } from '../../src/operate/outcome.ts';
import { resume } from '../../src/operate/resume.ts';
import { fakeEngine, register, request } from '../fixtures/fake-engine.ts';

/** An open deploy; whoever claims it finds it pushed aside by an abort just after. */
async function open() {
  const { engine, world, another, dead } = await fakeEngine();
  await register(engine, '1.0.0', '1.1.0');
  await deploy(engine, { ...request(), version: '1.0.0', shares: [100], every: 0 });
  await deploy(engine, { ...request(), version: '1.1.0', shares: [20], every: 0 });
  const aborting = another();
  dead.clear();
  const transaction: Engine['store']['transaction'] = async (name, ...rest) => {
    const result = await engine.store.transaction(name, ...rest);
    if (name === 'claim') assert.equal((await abort(aborting, request())).kind, 'ran');
    return result;
  };
  return { engine: { ...engine, store: { ...engine.store, transaction } }, world };
}

const endOf = (outcome: Outcome) =>
  outcome.kind === 'planned' ? null : [outcome.kind, outcome.operation?.kind, outcome.operation?.state];

test('who abandons a deploy that is pushed aside meanwhile is told how it ended', async (t) => {
  const { engine, world } = await open();
  t.after(() => engine.store.close());
  const [deployed] = await listOperations(engine.store.read, engine.service.name, 1);
  const outcome = await resume(engine, { ...request(), operation: deployed?.id ?? null, abandon: true });
  assert.deepEqual(endOf(outcome), ['nothing', 'deploy', 'superseded']);
  assert.deepEqual(world.weights, { '1.0.0': 100 });
});

test('a guard whose deploy is pushed aside before it has begun follows that to its end', async (t) => {
  const { engine, world } = await open();
  t.after(() => engine.store.close());
  const outcome = await guard(engine, { ...request(), for: 1_000 });
  assert.deepEqual(endOf(outcome), ['ran', 'deploy', 'superseded']);
  assert.equal(outcome.kind === 'ran' && outcome.by?.state, 'completed');
  assert.deepEqual(world.weights, { '1.0.0': 100 });
});
