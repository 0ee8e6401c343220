import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { test } from 'node:test';
import fc from 'fast-check';
import { sql } from 'kysely';
import { ProblemError } from '../../src/model/errors.ts';
import type { Failpoints } from '../../src/ports/failpoints.ts';
import { openSqlite } from '../../src/store/sqlite.ts';
import { type Store, type Transacted, urgencies, type Urgency } from '../../src/store/store.ts';
import { openStore, settableClock, temporaryFolder } from '../contract/store-fixture.ts';

const child = new URL('./units-child.ts', import.meta.url).pathname;

function put(transaction: Transacted, kind: string): Promise<unknown> {
  return transaction.insertInto('tasks').values({ service: 's', kind, data: '{}', due: 1, attempts: 0, owner: null }).execute();
}

async function kinds(store: Store): Promise<readonly string[]> {
  return (await store.read.selectFrom('tasks').select('kind').orderBy('id').execute()).map(({ kind }) => kind);
}

test('a process killed between the commit of many units and the first answer has made all of them durable', async (t) => {
  const file = join(temporaryFolder(t), 'sofare.db');
  const killed = spawnSync(process.execPath, [child, file, '20'], {
    env: { ...process.env, SOFARE_FAILPOINT: 'unit.after-commit:1:kill' },
    encoding: 'utf8',
  });
  assert.equal(killed.signal, 'SIGKILL', killed.stderr);
  assert.equal(killed.stdout, '');
  assert.equal((await kinds(await openStore(t, file))).length, 20);
});

test('a process killed in the middle of many units has made none of them durable', async (t) => {
  const file = join(temporaryFolder(t), 'sofare.db');
  const killed = spawnSync(process.execPath, [child, file, '20'], {
    env: { ...process.env, SOFARE_FAILPOINT: 'unit.before-commit:15:kill' },
    encoding: 'utf8',
  });
  assert.equal(killed.signal, 'SIGKILL', killed.stderr);
  assert.deepEqual(await kinds(await openStore(t, file)), []);
});

test('whatever units are asked for at once, those that were answered are there, in the order of their turns, and no others', async (t) => {
  const unit = fc.record({
    urgency: fc.constantFrom(...urgencies),
    ends: fc.constantFrom('well', 'well', 'thrown before', 'thrown after', 'refused by the database'),
  });
  await fc.assert(
    fc.asyncProperty(fc.array(unit, { maxLength: 90 }), async (units) => {
      const store = await openStore(t);
      const done: string[] = [];
      const answers = await Promise.allSettled(
        units.map(({ urgency, ends }, index) => {
          const work = async (tx: Transacted): Promise<string> => {
            if (ends === 'thrown before') throw new Error(ends);
            await put(tx, String(index));
            if (ends === 'thrown after') throw new Error(ends);
            if (ends === 'refused by the database') await sql`insert into nowhere values (1)`.execute(tx);
            done.push(String(index));
            return String(index);
          };
          return store.transaction('unit', work, 's', urgency);
        }),
      );
      const answered = answers.flatMap((answer) => (answer.status === 'fulfilled' ? [answer.value] : []));
      assert.deepEqual(
        answers.map(({ status }) => status === 'fulfilled'),
        units.map(({ ends }) => ends === 'well'),
      );
      assert.deepEqual(await kinds(store), done);
      assert.deepEqual([...done].sort(), [...answered].sort());
      const turn = (index: string): number => urgencies.indexOf(units[Number(index)]?.urgency as Urgency);
      assert.deepEqual(
        done,
        [...done].sort((one, other) => turn(one) - turn(other) || Number(one) - Number(other)),
      );
      await store.close();
    }),
    { numRuns: 60 },
  );
});

test('an emergency asked for behind a thousand units is done and answered before them', async (t) => {
  const store = await openStore(t, join(temporaryFolder(t), 'sofare.db'));
  const answered: string[] = [];
  const ask = (kind: string, urgency: Urgency): Promise<unknown> =>
    store.transaction('unit', (tx) => put(tx, kind), 's', urgency).then(() => answered.push(kind));
  const thousand = Array.from({ length: 1_000 }, (_, index) => ask(`usual ${index}`, 'usual'));
  const rollback = ask('rollback', 'back');
  const emergency = ask('emergency', 'emergency');
  await Promise.all([...thousand, rollback, emergency]);
  assert.deepEqual(answered.slice(0, 2), ['emergency', 'rollback']);
  assert.deepEqual(
    answered.slice(2),
    Array.from({ length: 1_000 }, (_, index) => `usual ${index}`),
  );
});

test('a database that ends the transaction by itself takes no unit of it for durable, and the next ones work', async (t) => {
  const store = await openStore(t, join(temporaryFolder(t), 'sofare.db'));
  const before = store.transaction('unit', (tx) => put(tx, 'before'));
  const ends = store.transaction('unit', async (tx) => {
    await sql`rollback`.execute(tx);
    await put(tx, 'outside').catch(() => {});
  });
  const [one, two] = await Promise.allSettled([before, ends]);
  assert.deepEqual([one.status, two.status], ['rejected', 'rejected']);
  assert.deepEqual(await kinds(store), []);
  await store.transaction('unit', (tx) => put(tx, 'after'));
  assert.deepEqual(await kinds(store), ['after']);
});

test('units that meet the lock of another process wait for it, and each gives up after its own ten seconds', async (t) => {
  const file = join(temporaryFolder(t), 'sofare.db');
  await (await openStore(t, file)).close();
  const holder = new DatabaseSync(file);
  t.after(() => holder.close());
  holder.exec('begin immediate');
  let now = 0;
  let second: Promise<unknown> | null = null;
  const store = await openStore(t, file, false, {
    ...settableClock(),
    monotonic: () => now,
    wait: async () => {
      now += 2_000;
      if (now === 6_000) second = store.transaction('unit', (tx) => put(tx, 'second'));
      if (now === 12_000) holder.exec('rollback');
    },
  });
  const first = store.transaction('unit', (tx) => put(tx, 'first'));
  await assert.rejects(first, (error) => error instanceof ProblemError && error.problem.code === 'registry.busy');
  await second;
  assert.deepEqual(await kinds(store), ['second']);
});

test('reading waits for no unit of work that is under way', async (t) => {
  const store = await openStore(t, join(temporaryFolder(t), 'sofare.db'));
  await store.transaction('unit', (tx) => put(tx, 'there'));
  await store.transaction('unit', async (tx) => {
    await put(tx, 'not yet');
    assert.deepEqual(await kinds(store), ['there']);
  });
  assert.deepEqual(await kinds(store), ['there', 'not yet']);
});

test('each unit has its failpoints around it, and one that stops at its own takes no other with it', async (t) => {
  const hits: string[] = [];
  const failpoints: Failpoints = {
    hit: (name) => {
      hits.push(name);
      if (name === 'b.before-commit' || name === 'c.after-commit') throw new Error(`stopped at ${name}`);
    },
  };
  const store = await openSqlite({ file: ':memory:', readOnly: false, clock: settableClock(), failpoints });
  t.after(() => store.close());
  const ended = await Promise.allSettled(['a', 'b', 'c', 'd'].map((name) => store.transaction(name, (tx) => put(tx, name))));
  assert.deepEqual(
    ended.map(({ status }) => status),
    ['fulfilled', 'rejected', 'rejected', 'fulfilled'],
  );
  assert.deepEqual(await kinds(store), ['a', 'c', 'd']);
  assert.deepEqual(hits, [
    ...['a', 'b', 'c', 'd'].map((name) => `${name}.before-commit`),
    ...['a', 'c', 'd'].map((name) => `${name}.after-commit`),
  ]);
});
