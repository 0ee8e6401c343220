import assert from 'node:assert/strict';
import { test } from 'node:test';
import { claim } from '../../src/execute/claim.ts';
import type { Engine } from '../../src/execute/engine.ts';
import { readJournal } from '../../src/execute/journal.ts';
import { Fenced } from '../../src/execute/lane.ts';
import { leaseFrom, lifeOf, whileLeased } from '../../src/execute/lease.ts';
import { listOperations } from '../../src/execute/read.ts';
import { run } from '../../src/execute/run.ts';
import { ProblemError } from '../../src/model/errors.ts';
import type { Operation } from '../../src/model/operation.ts';
import { deploy } from '../../src/operate/deploy.ts';
import { doDueTasks } from '../../src/operate/due.ts';
import { claimSeen, fenceSeen, observe } from '../../src/operate/observe.ts';
import { rollback } from '../../src/operate/rollback.ts';
import { schedule } from '../../src/execute/schedule.ts';
import { fakeEngine, register, request, rollbackRequest } from '../fixtures/fake-engine.ts';

const lease = 300;
const refused = (code: string) => (error: unknown) => error instanceof ProblemError && error.problem.code === code;
const never = new AbortController().signal;

/** A rollback whose owner stood still before traffic moved, and two controllers on machines that cannot see each other. */
async function two(): Promise<{ readonly one: Engine; readonly other: Engine; readonly operation: Operation }> {
  let armed = true;
  const failpoints = {
    hit: (name: string) => {
      if (armed && name === 'route.before-apply') throw new Error('stopped');
    },
  };
  const fake = await fakeEngine();
  await register(fake.engine, '1.2.0', '1.3.0');
  for (const version of ['1.2.0', '1.3.0']) await deploy(fake.engine, { ...request(), version, shares: [100], every: 0 });
  const leased = { ...fake.engine.store, lease };
  const at = (self: string): Engine => ({
    ...fake.engine,
    store: leased,
    failpoints,
    processes: { self: () => self, life: (owner) => (owner === self ? 'alive' : 'elsewhere') },
  });
  const one = at('one/boot/1/1');
  await assert.rejects(rollback(one, rollbackRequest()), /stopped/);
  armed = false;
  const [operation] = await listOperations(leased.read, 'fraud-scorer', 1);
  assert.ok(operation);
  return { one, other: at('two/boot/1/1'), operation };
}

/** Takes it over as `resume` does: above what the world shows, and over the claim that its record shows. */
async function taken(engine: Engine, { id }: Operation): Promise<Operation> {
  const seen = await observe(engine, never);
  return claim(engine, id, 'test', fenceSeen(seen), claimSeen(seen));
}

async function until(engine: Engine, time: number): Promise<void> {
  while ((await engine.store.now()) < time) await engine.clock.wait(10);
}

test('an owner elsewhere is believed to live until its lease is over, and then may be taken over from', async () => {
  const { one, other, operation } = await two();
  const row = await one.store.read
    .selectFrom('operations')
    .select('lease_until')
    .where('id', '=', operation.id)
    .executeTakeFirst();
  const end = Number(row?.lease_until);
  await other.store.transaction('lease', (tx) =>
    tx
      .updateTable('operations')
      .set({ lease_until: end + 60_000 })
      .execute(),
  );
  assert.equal(await lifeOf(other, operation), 'elsewhere');
  await assert.rejects(claim(other, operation.id, 'test', 0), refused('lane.taken'));
  await other.store.transaction('lease', (tx) => tx.updateTable('operations').set({ lease_until: end }).execute());
  await until(other, end + 1);
  assert.equal(await lifeOf(other, operation), 'gone');
  const claimed = await taken(other, operation);
  assert.equal(claimed.owner, 'two/boot/1/1');
  assert.equal(await lifeOf(one, claimed), 'elsewhere');
});

test('a process of this machine is looked at, and never called gone by time', async () => {
  const { one, operation } = await two();
  await one.store.transaction('lease', (tx) => tx.updateTable('operations').set({ lease_until: 1 }).execute());
  const beside = { ...one, processes: { ...one.processes, self: () => 'one/boot/2/2' } };
  assert.equal(await lifeOf(beside, operation), 'alive');
});

test('what a process owns and does not run was left by it, though it lives: an error cut it short', async () => {
  const { one, operation } = await two();
  assert.equal(await lifeOf(one, operation), 'gone');
  const { world } = one;
  assert.ok(world);
  const lives: string[] = [];
  const write: typeof world.traffic.write = async (...given) => {
    lives.push(await lifeOf(one, operation));
    return world.traffic.write(...given);
  };
  const running = { ...one, world: { ...world, traffic: { ...world.traffic, write } } };
  const done = await run(running, operation, { signal: never, replan: async () => null });
  assert.deepEqual([lives, done.state], [['alive'], 'completed']);
  assert.equal(await lifeOf(one, operation), 'gone');
});

test('where no lease is known, an owner elsewhere is never called gone', async () => {
  const { other, operation } = await two();
  await other.store.transaction('lease', (tx) => tx.updateTable('operations').set({ lease_until: null }).execute());
  assert.equal(await lifeOf(other, operation), 'elsewhere');
  assert.equal(leaseFrom({ store: { ...other.store, lease: null } }, 5), null);
});

test('whoever runs an operation renews its lease, so that it never ends under long work', async () => {
  const { other, operation } = await two();
  await until(other, (await other.store.now()) + lease + 1);
  const claimed = await taken(other, operation);
  const ends: number[] = [];
  const slow: Engine = {
    ...other,
    store: {
      ...other.store,
      transaction: async (name, work, ...rest) => {
        const result = await other.store.transaction(name, work, ...rest);
        if (name === 'lease') ends.push(await other.store.now());
        return result;
      },
    },
    world: other.world && {
      ...other.world,
      traffic: {
        ...other.world.traffic,
        write: async (...given) => {
          while (ends.length < 3) await other.clock.wait(10);
          return other.world?.traffic.write(...given);
        },
      },
    },
  };
  const done = await run(slow, claimed, { signal: never, replan: async () => null });
  assert.equal(done.state, 'completed');
  assert.ok(ends.length >= 3);
});

test('one that finds its operation taken aborts what it is doing, and writes nothing more', async () => {
  const { other, operation } = await two();
  await until(other, (await other.store.now()) + lease + 1);
  const claimed = await taken(other, operation);
  let aborted = false;
  const slow: Engine = {
    ...other,
    world: other.world && {
      ...other.world,
      traffic: {
        ...other.world.traffic,
        write: async (_weights, _key, _fence, signal) => {
          const takeOver = { state: 'running', owner: 'three/boot/1/1', fence: claimed.fence + 1 };
          await other.store.transaction('take', (tx) =>
            tx.updateTable('operations').set(takeOver).where('id', '=', claimed.id).execute(),
          );
          await other.clock.wait(60_000, signal);
          aborted = signal.aborted;
          signal.throwIfAborted();
        },
      },
    },
  };
  const before = (await readJournal(other.store.read, claimed.id)).length;
  await assert.rejects(run(slow, claimed, { signal: never, replan: async () => null }), Fenced);
  assert.equal(aborted, true);
  const journal = await readJournal(other.store.read, claimed.id);
  assert.deepEqual(
    journal.slice(before).map(({ event }) => event.kind),
    ['intended'],
  );
});

for (const [how, renew] of [
  ['fails', () => Promise.reject(new Error('no answer'))],
  ['does not come back in time', () => new Promise<boolean>(() => {})],
] as const) {
  test(`work stops when a renewal ${how}`, { timeout: 20_000 }, async () => {
    const { one } = await two();
    const work = whileLeased(one, { id: 'o', renew }, never, async (signal) => {
      await one.clock.wait(60_000, signal);
      signal.throwIfAborted();
    });
    await assert.rejects(work, (error: unknown) => error instanceof Fenced && /renewed/.test(error.message));
  });
}

test('a task whose worker elsewhere lost its lease is done by another, once', async () => {
  const { one, other } = await two();
  const task = { kind: 'retire' as const, version: '1.2.0' };
  await one.store.transaction('prepare', async (tx) => {
    await tx.deleteFrom('tasks').execute();
    await schedule(tx, 'fraud-scorer', task, 0);
    await tx.updateTable('tasks').set({ owner: 'one/boot/1/1', lease_until: Number.MAX_SAFE_INTEGER }).execute();
  });
  assert.deepEqual(await doDueTasks(other, request()), []);
  await one.store.transaction('over', (tx) => tx.updateTable('tasks').set({ lease_until: 1 }).execute());
  assert.equal((await doDueTasks(other, request())).length, 1);
  assert.deepEqual(await doDueTasks(one, request()), []);
});
