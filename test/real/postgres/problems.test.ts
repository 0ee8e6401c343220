import assert from 'node:assert/strict';
import { after, test, type TestContext } from 'node:test';
import { systemClock } from '../../../src/adapters/system/clock.ts';
import { ProblemError } from '../../../src/model/errors.ts';
import type { Clock } from '../../../src/ports/clock.ts';
import { noFailpoints } from '../../../src/ports/failpoints.ts';
import { migrations } from '../../../src/store/migrations.ts';
import { openPostgres } from '../../../src/store/postgres.ts';
import type { Store } from '../../../src/store/store.ts';
import { asked, startPostgres } from '../../fixtures/postgres.ts';

const postgres = await startPostgres();
after(() => postgres.stop());

/** Time for whoever gives up goes twenty times as fast. */
const impatient: Clock = { ...systemClock, monotonic: () => performance.now() * 20 };

async function opened(t: TestContext, url: string, { readOnly = false, clock = systemClock as Clock } = {}): Promise<Store> {
  const store = await openPostgres({ url, lease: 30_000, readOnly, clock, failpoints: noFailpoints });
  t.after(() => store.close());
  return store;
}

async function codeOf(work: Promise<unknown>): Promise<string> {
  const error = await work.then(
    () => assert.fail('it was not refused'),
    (reason: unknown) => reason,
  );
  assert.ok(error instanceof ProblemError, String(error));
  return error.problem.code;
}

const insert = (store: Store): Promise<unknown> =>
  store.transaction('write', (tx) =>
    tx
      .insertInto('services')
      .values({ service: 's', model: 'm', pointer: null, pointed_at: null, fence: 0, hold: null })
      .execute(),
  );

test('a wrong password, a database that is not there and a server that is not there are told apart', async (t) => {
  const url = new URL(await postgres.database());
  const changed = (change: (one: URL) => void): string => {
    const one = new URL(url);
    change(one);
    return one.href;
  };
  const wrong = { password: changed((one) => (one.password = 'hunter2')), name: changed((one) => (one.pathname = '/nothing')) };
  assert.equal(await codeOf(opened(t, wrong.password)), 'registry.denied');
  assert.equal(await codeOf(opened(t, wrong.name)), 'registry.missing');
  assert.equal(
    await codeOf(
      opened(
        t,
        changed((one) => (one.port = '1')),
        { clock: impatient },
      ),
    ),
    'registry.unreachable',
  );
  assert.equal(await codeOf(opened(t, 'postgres://u:hunter2@nowhere.invalid/x')), 'registry.unreachable');
});

test('a command that only reads makes no registry, writes nothing, and reads what is there', async (t) => {
  const url = await postgres.database();
  assert.equal(await codeOf(opened(t, url, { readOnly: true })), 'registry.missing');
  assert.deepEqual(await asked(url, `select nspname from pg_namespace where nspname = 'sofare'`), []);
  await insert(await opened(t, url));
  const reader = await opened(t, url, { readOnly: true });
  assert.equal((await reader.read.selectFrom('services').selectAll().execute()).length, 1);
  assert.equal(await codeOf(insert(reader)), 'registry.read-only');
});

test('a registry from a newer sofare is refused, by readers too, and is left as it is', async (t) => {
  const url = await postgres.database();
  await (await opened(t, url)).close();
  await asked(url, 'update sofare.schema_version set version = 99');
  for (const readOnly of [false, true]) assert.equal(await codeOf(opened(t, url, { readOnly })), 'registry.from-newer');
  assert.deepEqual(await asked(url, 'select version::int from sofare.schema_version'), [{ version: 99 }]);
});

test('many that open a new registry at once make it once', async (t) => {
  const url = await postgres.database();
  const stores = await Promise.all(Array.from({ length: 6 }, () => opened(t, url)));
  await insert(stores[5] as Store);
  assert.equal((await (stores[0] as Store).read.selectFrom('services').selectAll().execute()).length, 1);
  assert.deepEqual(await asked(url, 'select version::int from sofare.schema_version'), [{ version: migrations.length }]);
});

test('a user who may not write, and a database that takes no Unicode, are named', async (t) => {
  const url = new URL(await postgres.database());
  await asked(url.href, `create user reader password 'r'`);
  await (await opened(t, url.href)).close();
  await asked(url.href, 'grant usage on schema sofare to reader');
  await asked(url.href, 'grant select on all tables in schema sofare to reader');
  url.username = 'reader';
  url.password = 'r';
  assert.equal(await codeOf(opened(t, url.href)), 'registry.read-only');
  await opened(t, url.href, { readOnly: true });
  const admin = await postgres.database();
  await asked(admin, `create database narrow encoding 'SQL_ASCII' locale 'C' template template0`);
  const narrow = new URL(admin);
  narrow.pathname = '/narrow';
  assert.equal(await codeOf(opened(t, narrow.href)), 'config.invalid');
});

test('a server that goes and comes back is waited for, by reading and by units of work', { timeout: 120_000 }, async (t) => {
  const store = await opened(t, await postgres.database());
  await insert(store);
  await postgres.kill();
  const reading = store.read.selectFrom('services').select('service').execute();
  const writing = store.transaction('write', (tx) => tx.updateTable('services').set({ fence: 7 }).execute(), 's');
  await postgres.restart();
  assert.equal((await reading).length, 1);
  await writing;
  assert.equal((await store.read.selectFrom('services').select('fence').executeTakeFirst())?.fence, 7);
});

test('one that stands still within a unit of work keeps nobody waiting for long, and writes nothing more', {
  timeout: 60_000,
}, async (t) => {
  const url = await postgres.database();
  const [stopped, other] = [await opened(t, url), await opened(t, url)];
  await insert(stopped);
  let runs = 0;
  const { promise: resumed, resolve: resume } = Promise.withResolvers<void>();
  const { promise: began, resolve: begin } = Promise.withResolvers<void>();
  const old = stopped.transaction(
    'old',
    async (tx) => {
      runs += 1;
      const { fence } = await tx.selectFrom('services').select('fence').executeTakeFirstOrThrow();
      begin();
      if (runs === 1) await resumed;
      await tx
        .updateTable('services')
        .set({ fence: fence + 1 })
        .execute();
    },
    's',
  );
  await began;
  await other.transaction('new', (tx) => tx.updateTable('services').set({ fence: 100 }).execute(), 's');
  resume();
  await old;
  assert.equal(runs, 2);
  assert.equal((await other.read.selectFrom('services').select('fence').executeTakeFirst())?.fence, 101);
});

test('units of different services are at work side by side', { timeout: 30_000 }, async (t) => {
  const store = await opened(t, await postgres.database());
  const { promise: both, resolve: meet } = Promise.withResolvers<void>();
  let within = 0;
  const unit = (service: string): Promise<void> =>
    store.transaction(
      'meet',
      async () => {
        within += 1;
        if (within === 2) meet();
        await both;
      },
      service,
    );
  await Promise.all([unit('a'), unit('b')]);
});

test('units that lock rows in opposite order end one after the other', { timeout: 30_000 }, async (t) => {
  const store = await opened(t, await postgres.database());
  const row = { model: 'm', pointer: null, pointed_at: null, fence: 0, hold: null };
  await store.transaction('write', (tx) =>
    tx
      .insertInto('services')
      .values([
        { ...row, service: 'a' },
        { ...row, service: 'b' },
      ])
      .execute(),
  );
  let first = 0;
  const { promise: both, resolve: meet } = Promise.withResolvers<void>();
  const unit = (own: string, others: readonly string[]): Promise<void> =>
    store.transaction(
      'cross',
      async (tx) => {
        for (const [index, service] of others.entries()) {
          await tx
            .updateTable('services')
            .set((build) => ({ fence: build('fence', '+', 1) }))
            .where('service', '=', service)
            .execute();
          if (index === 0) first += 1;
          if (first === 2) meet();
          if (index === 0) await both;
        }
      },
      own,
    );
  await Promise.all([unit('one', ['a', 'b']), unit('two', ['b', 'a'])]);
  const fences = await store.read.selectFrom('services').select('fence').execute();
  assert.deepEqual(
    fences.map(({ fence }) => fence),
    [2, 2],
  );
});
