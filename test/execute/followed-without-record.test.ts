import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ProblemError } from '../../src/model/errors.ts';
import type { Engine } from '../../src/execute/engine.ts';
import { abort } from '../../src/operate/abort.ts';
import { deploy } from '../../src/operate/deploy.ts';
import type { Outcome } from '../../src/operate/outcome.ts';
import { fakeEngine, register, request } from '../fixtures/fake-engine.ts';

test('a deploy that an abort pushed aside follows it to its end, though the record cannot be reached meanwhile', async () => {
  const { engine, world, another, dead } = await fakeEngine();
  await register(engine, '1.0.0', '1.1.0');
  await deploy(engine, { ...request(), version: '1.0.0', shares: [100], every: 0 });
  const aborting = another();
  dead.clear();
  const [pushedAside, askedTwice] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  let aborted: Promise<Outcome> | null = null;
  let inVain = 0;
  const cutOff: Engine = {
    ...engine,
    world: {
      ...world,
      record: {
        swap: world.record.swap,
        read: async (signal) => {
          if (aborted === null) return world.record.read(signal);
          inVain += 1;
          if (inVain === 2) askedTwice.resolve();
          throw new ProblemError({ code: 'target.unreachable', what: 'no answer', why: 'test', touched: 'no', next: '' });
        },
      },
    },
  };
  world.faults.before = async (call) => {
    if (call !== 'write' || aborted === null) return;
    pushedAside.resolve();
    await askedTwice.promise;
  };
  world.faults.after = async (call) => {
    if (call !== 'write' || aborted !== null) return;
    aborted = abort(aborting, request());
    await pushedAside.promise;
  };
  const outcome = await deploy(cutOff, { ...request(), version: '1.1.0', shares: [10], every: 0 });
  assert.ok(inVain >= 2);
  assert.equal(outcome.kind === 'ran' && outcome.operation.state, 'superseded');
  assert.equal(outcome.kind === 'ran' && outcome.by?.state, 'completed');
  assert.deepEqual(world.weights, { '1.0.0': 100 });
});
