import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ProblemError } from '../../src/model/errors.ts';
import type { Clock } from '../../src/ports/clock.ts';
import { laneHolder } from '../../src/execute/read.ts';
import { deploy } from '../../src/operate/deploy.ts';
import { promote } from '../../src/operate/promote.ts';
import { exitOf } from '../../src/operate/outcome.ts';
import { resume } from '../../src/operate/resume.ts';
import { rollback } from '../../src/operate/rollback.ts';
import { type FakeEngine, fakeEngine, register, request, rollbackRequest } from '../fixtures/fake-engine.ts';

const direct = (version: string) => ({ ...request(), version, shares: [100], every: 0 });

function problem(code: 'outcome.unknown' | 'target.not-ready' | 'target.unreachable', touched: 'no' | 'unknown'): ProblemError {
  return new ProblemError({ code, what: 'no answer', why: 'test', touched, next: '' });
}

/** Two versions deployed, and a clock on which a call can be made to take a minute. */
async function fake(): Promise<FakeEngine & { takesLong: () => void }> {
  const made = await fakeEngine();
  let late = 0;
  const clock: Clock = { ...made.engine.clock, monotonic: () => performance.now() + late };
  await register(made.engine, '1.0.0', '1.1.0');
  await deploy(made.engine, direct('1.0.0'));
  return {
    ...made,
    engine: { ...made.engine, clock },
    takesLong: () => {
      late += 60_000;
    },
  };
}

test('an answer that is lost until the time is over: what came of it is read, and the operation ends', async () => {
  const { engine, world, takesLong } = await fake();
  world.faults.after = (call) => {
    if (call !== 'write') return;
    takesLong();
    throw problem('outcome.unknown', 'unknown');
  };
  const outcome = await deploy(engine, direct('1.1.0'));
  assert.equal(outcome.kind === 'ran' && outcome.operation.state, 'completed');
});

test('an operation whose write may have been done never says that nothing was touched', async () => {
  const { engine, world, takesLong } = await fake();
  world.faults.before = (call) => {
    if (call !== 'write') return;
    takesLong();
    throw problem('outcome.unknown', 'unknown');
  };
  const outcome = await deploy(engine, direct('1.1.0'));
  assert.ok(outcome.kind === 'ran');
  assert.equal(outcome.operation.state, 'stuck');
  assert.notEqual(outcome.operation.problem?.touched, 'no');
});

test('a version that has ended since the plan was made is woken again before it gets traffic', async () => {
  const { engine, world } = await fake();
  await deploy(engine, direct('1.1.0'));
  world.faults.before = (call) => {
    if (call !== 'write' || world.writes.at(-1)?.startsWith('apply 1.0.0')) return;
    world.versions.delete('1.0.0');
    throw problem('target.not-ready', 'no');
  };
  const outcome = await rollback(engine, rollbackRequest());
  assert.equal(outcome.kind === 'ran' && outcome.operation.state, 'completed');
  assert.deepEqual(world.weights, { '1.0.0': 100 });
});

test('a version that does not stay ready is not woken for ever', async () => {
  const { engine, world } = await fake();
  world.faults.before = (call) => {
    if (call === 'write') throw problem('target.not-ready', 'no');
  };
  const outcome = await deploy(engine, direct('1.1.0'));
  assert.ok(outcome.kind === 'ran');
  assert.deepEqual(
    { state: outcome.operation.state, touched: outcome.operation.problem?.touched },
    { state: 'failed', touched: 'no' },
  );
  assert.equal(world.writes.filter((write) => write.startsWith('apply 1.1.0')).length, 4);
});

test('who cannot be asked for a moment is asked again when a version is confirmed', async () => {
  const { engine, world } = await fake();
  let asked = 0;
  world.faults.after = (call) => {
    if (call !== 'observe' || world.weights['1.1.0'] !== 100) return;
    asked += 1;
    if (asked === 1) throw problem('target.unreachable', 'no');
  };
  const outcome = await deploy(engine, direct('1.1.0'));
  assert.equal(exitOf(outcome), 0);
  assert.ok(asked > 1);
});

test('an operation that stops on its way says how to go on with it', async () => {
  const { engine, world } = await fake();
  world.faults.after = (call) => {
    if (call === 'swap') throw problem('target.unreachable', 'no');
  };
  await assert.rejects(
    deploy(engine, direct('1.1.0')),
    (error) => error instanceof ProblemError && error.problem.code === 'interrupted',
  );
  assert.equal((await laneHolder(engine.store.read, engine.service.name))?.state, 'running');
});

test("a deploy that waits, is stuck or has ended is nobody's to go on with by the record", async () => {
  const { engine, world } = await fake();
  const owner = (): string | undefined => world.recorded.value?.operation?.owner ?? undefined;
  await deploy(engine, { ...direct('1.1.0'), shares: [10] });
  assert.ok(!owner());
  world.faults.before = (call) => {
    if (call === 'write') throw problem('target.not-ready', 'no');
  };
  const stuck = await promote(engine, request());
  assert.equal(stuck.kind === 'ran' && stuck.operation.state, 'stuck');
  assert.ok(!owner());
});

test('a record that cannot be told of an end makes no failure of it, and resume mends it', async () => {
  const { engine, world } = await fake();
  world.faults.before = (call) => {
    if (call === 'swap' && world.weights['1.1.0'] === 100) throw problem('target.unreachable', 'no');
  };
  const outcome = await deploy(engine, direct('1.1.0'));
  assert.equal(exitOf(outcome), 0);
  assert.ok(world.recorded.value?.operation?.owner);
  delete world.faults.before;
  const id = outcome.kind === 'ran' ? outcome.operation.id : null;
  await resume(engine, { ...request(), operation: id, abandon: false });
  assert.ok(!world.recorded.value?.operation?.owner);
});

test('what is in production by the registry and lost its traffic is deployed at once, not beside itself', async () => {
  const { engine, world } = await fake();
  world.weights = {};
  await deploy(engine, { ...direct('1.0.0'), shares: [10, 100] });
  assert.deepEqual(world.weights, { '1.0.0': 100 });
});

test("where traffic has no fence, what an earlier operation of ours wrote is not taken for somebody else's", async () => {
  const { engine, world } = await fake();
  const unfenced = { ...world.traffic, can: { ...world.traffic.can, fence: false } };
  await deploy(engine, { ...direct('1.1.0'), shares: [25] });
  let lags = true;
  const lagging = {
    ...unfenced,
    read: async (signal: AbortSignal) => {
      const seen = await unfenced.read(signal);
      const shown = lags ? { ...seen, weights: { '1.0.0': 100 } } : seen;
      lags = false;
      return shown;
    },
  };
  const outcome = await rollback({ ...engine, world: { ...world, traffic: lagging } }, rollbackRequest());
  assert.equal(outcome.kind === 'ran' && outcome.operation.state, 'completed');
});
