import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import { ProblemError } from '../../src/model/errors.ts';
import { readOperation } from '../../src/execute/read.ts';
import { exitOf } from '../../src/operate/outcome.ts';
import { Pace } from '../../src/operate/recovery/pace.ts';
import { type Recovery, recover } from '../../src/operate/recovery/recover.ts';
import { noFailpoints } from '../../src/ports/failpoints.ts';
import { openSqlite } from '../../src/store/sqlite.ts';
import { rollback } from '../../src/operate/rollback.ts';
import { request, rollbackRequest } from '../fixtures/fake-engine.ts';
import { deadOwner, leftBehind, manyServices } from '../fixtures/many-services.ts';
import { passingClock } from '../fixtures/passing-clock.ts';

/** The most that begin in any stretch of a second. */
function peak(times: readonly number[]): number {
  return Math.max(0, ...times.map((from, first) => times.filter((at, index) => index >= first && at < from + 1_000).length));
}

async function scene(t: TestContext, count: number) {
  const clock = passingClock();
  const store = await openSqlite({ file: ':memory:', readOnly: false, clock, failpoints: noFailpoints });
  t.after(() => store.close());
  const calls: { readonly at: number; readonly service: number; readonly call: string }[] = [];
  const services = await manyServices(store, count, { clock, before: () => {} });
  for (const [service, { world, engine }] of services.entries()) {
    world.faults.before = (call) => void calls.push({ at: clock.monotonic(), service, call });
    const { probe } = engine;
    Object.assign(engine, {
      probe: {
        get: (...given: Parameters<typeof probe.get>) => (
          calls.push({ at: clock.monotonic(), service, call: 'probe' }), probe.get(...given)
        ),
      },
    });
  }
  const engines = new Map(services.map(({ engine }) => [engine.service.name, engine]));
  const recovery: Recovery = {
    store,
    clock,
    processes: (services[0] ?? assert.fail()).engine.processes,
    engineOf: (service) => engines.get(service) ?? null,
    request: () => request(),
    perSecond: 20,
    atOnce: 4,
    offset: 0.5,
    signal: new AbortController().signal,
  };
  return { clock, store, calls, services, recovery };
}

test('in no second do more calls begin than the pace lets through, and an urgent one does not wait behind the others', async () => {
  const clock = passingClock();
  const pace = new Pace(10, clock);
  const signal = new AbortController().signal;
  const begun: { readonly at: number; readonly name: string }[] = [];
  const call = (name: string, urgency: 'usual' | 'back' | 'emergency', takes = 0): Promise<void> =>
    pace.call(urgency, signal, async () => {
      begun.push({ at: clock.monotonic(), name });
      await clock.wait(takes);
    });
  const calls = Array.from({ length: 95 }, (_, index) => call(`usual ${index}`, 'usual', (index % 7) * 90));
  await clock.wait(1_500);
  calls.push(call('back', 'back'), call('emergency', 'emergency'));
  await Promise.all(calls);
  assert.equal(begun.length, 97);
  assert.equal(peak(begun.map(({ at }) => at)), 10);
  const urgent = begun.filter(({ name }) => !name.startsWith('usual'));
  assert.deepEqual(
    urgent.map(({ name }) => name),
    ['emergency', 'back'],
  );
  for (const { at } of urgent) assert.ok(at <= 2_000, `${at}`);
  const usual = begun.flatMap(({ name }) => (name.startsWith('usual') ? [Number(name.slice(6))] : []));
  assert.deepEqual(
    usual,
    [...usual].sort((one, other) => one - other),
  );
});

test('a call whose caller gave up is not made, and holds up no other', async () => {
  const clock = passingClock();
  const pace = new Pace(1, clock);
  const stop = new AbortController();
  const made: string[] = [];
  const call = (name: string, signal: AbortSignal) => pace.call('usual', signal, async () => void made.push(name));
  const first = call('first', new AbortController().signal);
  const refused = assert.rejects(call('given up', stop.signal), /stopped/);
  const last = call('last', new AbortController().signal);
  stop.abort(new Error('stopped'));
  await Promise.all([first, refused, last]);
  assert.deepEqual(made, ['first', 'last']);
});

test('after a restart every operation left behind goes on, rollbacks first, and what serves is called no faster than configured', async (t) => {
  const { recovery, services, calls, store, clock } = await scene(t, 40);
  for (const [index, { engine }] of services.entries()) {
    await leftBehind(engine, index % 10 === 9 ? 'rollback' : 'deploy');
    await clock.wait(1);
  }
  calls.length = 0;
  const { operations } = await recover(recovery);
  assert.equal(operations.length, 40);
  for (const { operation, end } of operations) {
    assert.equal(end.kind === 'failed' ? end.problem.what : exitOf(end), 0);
    assert.equal((await readOperation(store.read, operation))?.state, 'completed');
  }
  for (const { world } of services) assert.deepEqual(world.weights, { '2.0.0': 100 });
  assert.equal(peak(calls.map(({ at }) => at)), 20);
  const firstCalls = [...new Set(calls.map(({ service }) => service))];
  assert.deepEqual(firstCalls.slice(0, 4), [9, 19, 29, 39]);
  // First come, first served: the deploys are begun in the order in which they were left.
  assert.deepEqual(
    firstCalls.slice(4),
    [...firstCalls.slice(4)].sort((one, other) => one - other),
  );
});

test('no more operations are carried on at once than configured, and what is left meanwhile is found', async (t) => {
  const { recovery, services, calls } = await scene(t, 12);
  const late = services.at(-1) ?? assert.fail();
  for (const { engine } of services.slice(0, -1)) await leftBehind(engine, 'deploy');
  calls.length = 0;
  let begun = false;
  const atWork = new Set<number>();
  let most = 0;
  for (const [service, { world }] of services.entries()) {
    const { before } = world.faults;
    world.faults.before = async (call) => {
      await before?.(call);
      if (!begun && calls.length > 50) {
        begun = true;
        await leftBehind(late.engine, 'rollback');
      }
      if (service === services.length - 1) return;
      // An operation is at work from its first call until its service's weights have moved.
      atWork.add(service);
      for (const each of atWork) if (services[each]?.world.weights['2.0.0'] === 100) atWork.delete(each);
      most = Math.max(most, atWork.size);
    };
  }
  const { operations } = await recover(recovery);
  assert.equal(operations.length, 12);
  assert.equal(most, 4);
  const place = operations.findIndex(({ service }) => service === late.engine.service.name);
  assert.ok(place < 11, `the rollback came in place ${place}`);
});

test('an operation that cannot be read stops no other, and is named', async (t) => {
  const { recovery, services, store } = await scene(t, 5);
  const left = [];
  for (const { engine } of services) left.push(await leftBehind(engine, 'deploy'));
  const { id } = left[2] ?? assert.fail();
  await store.transaction('test', (tx) => tx.updateTable('journal').set({ data: '{}' }).where('operation', '=', id).execute());
  const { operations } = await recover(recovery);
  const ends = new Map(operations.map(({ operation, end }) => [operation, end.kind === 'failed' ? end.problem.code : end.kind]));
  assert.deepEqual(
    left.map((each) => ends.get(each.id)),
    ['ran', 'ran', 'registry.damaged', 'ran', 'ran'],
  );
});

test('a deploy that only watches lends its place: a bake of ten minutes holds up no other operation', async (t) => {
  const { recovery, services, clock, store } = await scene(t, 3);
  const [slow, ...others] = services;
  const baking = await leftBehind(slow?.engine ?? assert.fail(), 'deploy', 600_000);
  for (const { engine } of others) await leftBehind(engine, 'deploy');
  const ended = new Map<number, number>();
  for (const [index, { world }] of others.entries()) {
    const { before } = world.faults;
    world.faults.before = async (call) => {
      await before?.(call);
      if (call === 'swap' && world.weights['2.0.0'] === 100 && !ended.has(index)) ended.set(index, clock.monotonic());
    };
  }
  const { operations } = await recover({ ...recovery, atOnce: 1 });
  assert.equal(operations.length, 3);
  assert.equal((await readOperation(store.read, baking.id))?.state, 'completed');
  assert.ok(clock.monotonic() >= 600_000);
  assert.equal(ended.size, 2);
  for (const at of ended.values()) assert.ok(at < 60_000, `${at}`);
});

const unreachable = new ProblemError({ code: 'target.unreachable', what: 'no answer', why: 'test', touched: 'no', next: '' });

test('what an error cuts short goes on in the same process, which is at others for long', async (t) => {
  const { recovery, services, clock, store } = await scene(t, 2);
  const [slow, cut] = services;
  assert.ok(slow && cut);
  await leftBehind(slow.engine, 'deploy', 600_000);
  const left = await leftBehind(cut.engine, 'rollback');
  let inVain = 0;
  let moved = 0;
  cut.world.faults.before = (call) => {
    if (call === 'write') moved = clock.monotonic();
    if (call !== 'swap' || inVain > 0) return;
    inVain += 1;
    throw unreachable;
  };
  await recover(recovery);
  assert.equal(inVain, 1);
  assert.equal((await readOperation(store.read, left.id))?.state, 'completed');
  assert.ok(moved < 60_000, `${moved}`);
});

test('a deploy that was pushed aside does not wait for a rollback that its own process has to go on with', async (t) => {
  const { recovery, services, store } = await scene(t, 1);
  const { engine, world } = services[0] ?? assert.fail();
  const deploy = await leftBehind(engine, 'deploy', 10_000);
  const dying = { ...engine, processes: { ...engine.processes, self: () => deadOwner } };
  let inVain = 0;
  let began = false;
  world.faults.before = async (call) => {
    if (call === 'swap' && began && inVain < 2) {
      inVain += 1;
      throw unreachable;
    }
    if (call !== 'observe' || began || world.weights['2.0.0'] !== 50) return;
    began = true;
    await assert.rejects(rollback(dying, rollbackRequest()), /no answer/);
  };
  const { operations } = await recover(recovery);
  assert.deepEqual([began, inVain], [true, 2]);
  const pushed = await readOperation(store.read, deploy.id);
  const by = await readOperation(store.read, pushed?.supersededBy ?? assert.fail());
  assert.equal(by?.state, 'completed');
  assert.deepEqual(world.weights, { '1.0.0': 100 });
  assert.ok(operations.some(({ operation }) => operation === by.id));
});

test('tasks that are due are done at the same pace, also those that became due meanwhile', async (t) => {
  const { recovery, services, store, calls } = await scene(t, 6);
  for (const { engine } of services) await leftBehind(engine, 'deploy');
  calls.length = 0;
  const { tasks } = await recover(recovery);
  // Each deploy leaves a backup, the old version to retire and a bake to end.
  assert.deepEqual([...new Set(tasks.map(({ task }) => task.task.kind))].sort(), ['backup', 'bake', 'retire']);
  assert.equal(peak(calls.map(({ at }) => at)), 20);
  assert.deepEqual(
    await store.read
      .selectFrom('tasks')
      .select('kind')
      .where('due', '<=', await store.now())
      .execute(),
    [],
  );
});
