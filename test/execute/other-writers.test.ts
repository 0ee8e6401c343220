import assert from 'node:assert/strict';
import { test } from 'node:test';
import { listOperations } from '../../src/execute/read.ts';
import { deploy } from '../../src/operate/deploy.ts';
import { exitOf } from '../../src/operate/outcome.ts';
import type { Weights } from '../../src/model/observation.ts';
import type { Traffic } from '../../src/ports/traffic.ts';
import { type FakeEngine, fakeEngine, register, request } from '../fixtures/fake-engine.ts';
import { fakeWorld } from '../fixtures/fake-world.ts';
import { passingClock } from '../fixtures/passing-clock.ts';

const direct = (version: string) => ({ ...request(), version, shares: [100], every: 0 });

/** 1.2.0 serves, by an object that others write too: after each write of ours one of these values is put there. */
async function besideAnother(...values: readonly (Weights | null)[]): Promise<FakeEngine & { readonly written: () => number }> {
  const world = fakeWorld();
  Object.assign(world, { traffic: { ...world.traffic, can: { ...world.traffic.can, alone: false } } });
  const fake = await fakeEngine({ world });
  await register(fake.engine, '1.2.0', '1.3.0');
  await deploy(fake.engine, direct('1.2.0'));
  const left = [...values];
  let written = 0;
  world.faults.after = (call) => {
    if (call !== 'write') return;
    written += 1;
    const value = left.length > 1 ? left.shift() : left[0];
    if (value) world.weights = value;
  };
  return { ...fake, written: () => written };
}

test('somebody who puts the weights back each time is written against twice, then it is left to people', async () => {
  const { engine, world, written } = await besideAnother({ '1.2.0': 100 });
  assert.equal(exitOf(await deploy(engine, direct('1.3.0'))), 10);
  assert.equal(written(), 2);
  assert.deepEqual(world.weights, { '1.2.0': 100 });
  const [operation] = await listOperations(engine.store.read, 'fraud-scorer', 1);
  assert.equal(operation?.state, 'stuck');
  assert.equal(operation?.problem?.code, 'foreign-change');
});

test('what was put back once, by a loop that was just being stopped, is written again', async () => {
  const { engine, world, written } = await besideAnother({ '1.2.0': 100 }, null);
  assert.equal(exitOf(await deploy(engine, direct('1.3.0'))), 0);
  assert.equal(written(), 2);
  assert.deepEqual(world.weights, { '1.3.0': 100 });
});

test('weights that nobody here ever planned are not written over', async () => {
  const { engine, world, written } = await besideAnother({ '1.2.0': 60, 'legacy': 40 });
  assert.equal(exitOf(await deploy(engine, direct('1.3.0'))), 10);
  assert.equal(written(), 1);
  assert.deepEqual(world.weights, { '1.2.0': 60, 'legacy': 40 });
});

test('where a controller is known to put its own back it is given the time to, before anything is called done', async () => {
  const passing = passingClock();
  const world = fakeWorld();
  const { read, write } = world.traffic;
  let written = 0;
  let putBackAt = Number.POSITIVE_INFINITY;
  Object.assign(world, {
    traffic: {
      can: { ...world.traffic.can, alone: false },
      read: async (signal: AbortSignal) => {
        if (passing.monotonic() >= putBackAt) world.weights = { '1.2.0': 100 };
        return { ...(await read(signal)), writers: [{ called: 'Argo CD (application fraud)', active: true, pause: null }] };
      },
      write: async (...given: Parameters<typeof write>) => {
        await write(...given);
        written += 1;
        putBackAt = passing.monotonic() + 3_000;
      },
    } satisfies Traffic,
  });
  const { engine } = await fakeEngine({ world });
  await register(engine, '1.2.0', '1.3.0');
  await deploy({ ...engine, clock: passing }, direct('1.2.0'));
  written = 0;
  assert.equal(exitOf(await deploy({ ...engine, clock: passing }, direct('1.3.0'))), 10);
  assert.equal(written, 2);
  const [operation] = await listOperations(engine.store.read, 'fraud-scorer', 1);
  assert.equal(operation?.state, 'stuck');
  assert.match(operation?.problem?.why ?? '', /puts back .* Argo CD \(application fraud\)/);
});

test('a first deploy over a destination that is no version of the service ignores steps, and takes all of it', async () => {
  const { engine, world } = await fakeEngine();
  await register(engine, '1.2.0');
  world.weights = { 'nothing-yet': 100 };
  const outcome = await deploy(engine, { ...request(), version: '1.2.0', shares: [10], every: 0 });
  assert.equal(exitOf(outcome), 0);
  assert.deepEqual(world.weights, { '1.2.0': 100 });
  const [operation] = await listOperations(engine.store.read, 'fraud-scorer', 1);
  assert.equal(operation?.plan.from, null);
});
