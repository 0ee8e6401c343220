import assert from 'node:assert/strict';
import { after, test, type TestContext } from 'node:test';
import { systemClock } from '../../../src/adapters/system/clock.ts';
import { ProblemError } from '../../../src/model/errors.ts';
import { noFailpoints } from '../../../src/ports/failpoints.ts';
import type { Clock } from '../../../src/ports/clock.ts';
import { openPostgres } from '../../../src/store/postgres.ts';
import type { Store } from '../../../src/store/store.ts';
import { cuttingProxy, type Cut, type CuttingProxy } from '../../fixtures/cutting-proxy.ts';
import { asked, startPostgres } from '../../fixtures/postgres.ts';

const postgres = await startPostgres();
after(() => postgres.stop());

interface Between {
  readonly store: Store;
  readonly proxy: CuttingProxy;
  readonly url: string;
  readonly runs: () => number;
  add(): Promise<unknown>;
}

async function between(t: TestContext, clock: Clock = systemClock): Promise<Between> {
  const url = await postgres.database();
  const proxy = await cuttingProxy(url);
  const store = await openPostgres({ url: proxy.url, lease: 1_000, readOnly: false, clock, failpoints: noFailpoints });
  t.after(async () => {
    await proxy.stop();
    await store.close();
  });
  let runs = 0;
  const add = (): Promise<unknown> =>
    store.transaction(
      'add',
      async (tx, at) => {
        runs += 1;
        const task = { service: 's', kind: 'k', data: '{}', due: at, attempts: 0, owner: null };
        await tx.insertInto('tasks').values(task).execute();
      },
      's',
    );
  return { store, proxy, url, runs: () => runs, add };
}

const count = async (url: string): Promise<unknown> =>
  (await asked(url, 'select count(*)::int as n from sofare.tasks'))[0]?.['n'];

for (const [how, runs] of [
  ['answer lost', 1],
  ['answer swallowed', 1],
  ['never sent', 2],
] as readonly (readonly [Cut, number])[]) {
  test(`a COMMIT (${how}) is read back: the unit stands once, and was run ${runs} times`, { timeout: 60_000 }, async (t) => {
    const one = await between(t);
    one.proxy.cut(how);
    await one.add();
    assert.equal(one.proxy.cuts, 1);
    assert.equal(one.runs(), runs);
    assert.equal(await count(one.url), 1);
    await one.add();
    assert.equal(await count(one.url), 2);
  });
}

test('a COMMIT that nobody can be asked about is unknown, never run again and never called failed', {
  timeout: 60_000,
}, async (t) => {
  // Waiting is shortened, so that giving up is soon.
  const clock: Clock = { ...systemClock, monotonic: () => performance.now() * 50 };
  const one = await between(t, clock);
  one.proxy.cut('answer lost, and nothing answers any more');
  await assert.rejects(one.add(), (error: unknown) => error instanceof ProblemError && error.problem.code === 'outcome.unknown');
  assert.equal(one.runs(), 1);
  assert.equal(await count(one.url), 1);
});

test('whoever asks about a unit that is still at work waits for its end, and one that asked first can no longer be committed', {
  timeout: 60_000,
}, async (t) => {
  const one = await between(t);
  const asking = `insert into sofare.commits values ('u', -1) on conflict (unit) do update set at = sofare.commits.at returning at`;
  const begun = await one.store.transaction('slow', async (tx) => {
    await tx
      .insertInto('commits' as never)
      .values({ unit: 'u', at: 5 } as never)
      .execute();
    const answer = asked(one.url, asking);
    const early = await Promise.race([answer.then(() => 'answered'), systemClock.wait(300).then(() => 'waits')]);
    assert.equal(early, 'waits');
    return { answer };
  });
  assert.deepEqual(await begun.answer, [{ at: '5' }]);
  await asked(one.url, asking.replace(`'u'`, `'v'`));
  await assert.rejects(
    one.store.transaction('late', (tx) =>
      tx
        .insertInto('commits' as never)
        .values({ unit: 'v', at: 5 } as never)
        .execute(),
    ),
    /duplicate key/,
  );
});
