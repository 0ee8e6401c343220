import assert from 'node:assert/strict';
import { test } from 'node:test';
import { laneHolder, listOperations } from '../../src/execute/read.ts';
import { abort } from '../../src/operate/abort.ts';
import { deploy } from '../../src/operate/deploy.ts';
import type { Outcome } from '../../src/operate/outcome.ts';
import { fakeEngine, register, request } from '../fixtures/fake-engine.ts';

const direct = (version: string) => ({ ...request(), version, shares: [100], every: 0 });

test('an abort is not lost to the deploy that it pushed aside, though the record names that one late', async () => {
  const { engine, world, another, dead } = await fakeEngine();
  await register(engine, '1.0.0', '1.1.0');
  await deploy(engine, direct('1.0.0'));
  const aborting = another();
  dead.clear();
  let aborted: Promise<Outcome> | null = null;
  let toldOf: () => void = () => {};
  const told = new Promise<void>((resolve) => {
    toldOf = resolve;
  });
  world.faults.before = async (call) => {
    if (call !== 'swap' || aborted !== null) return;
    // The deploy is begun and the record not told of it yet: now the abort looks, and is begun once the record is.
    const consent = async (): Promise<boolean> => {
      await told;
      return true;
    };
    aborted = abort(aborting, { ...request(), consent });
    await new Promise((resolve) => {
      setImmediate(resolve);
    });
  };
  world.faults.after = (call) => {
    if (call === 'swap') toldOf();
  };
  const pushed = await deploy(engine, direct('1.1.0'));
  assert.ok(aborted);
  const outcome = await (aborted as Promise<Outcome>);
  assert.equal(pushed.kind === 'ran' && pushed.operation.state, 'superseded');
  assert.equal(outcome.kind === 'ran' && outcome.operation.state, 'completed');
  assert.deepEqual(world.weights, { '1.0.0': 100 });
  assert.equal(await laneHolder(engine.store.read, engine.service.name), null);
  assert.equal((await listOperations(engine.store.read, engine.service.name, 10)).length, 3);
});
