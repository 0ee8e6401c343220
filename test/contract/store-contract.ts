import assert from 'node:assert/strict';
import { EventEmitter, once } from 'node:events';
import { test, type TestContext } from 'node:test';
import type { Failpoints } from '../../src/ports/failpoints.ts';
import type { Store } from '../../src/store/store.ts';
import type { SettableClock } from './store-fixture.ts';

/** One registry that can be opened. Where `shared` is true, every open sees the same state. */
export interface StoreSubject {
  /** The clock that is its time; null where a server has its own. */
  readonly clock: SettableClock | null;
  readonly shared: boolean;
  open(failpoints?: Failpoints): Promise<Store>;
}

/** Two that see the same state where that can be, as two processes do. */
async function several(subject: StoreSubject): Promise<readonly Store[]> {
  return subject.shared ? [await subject.open(), await subject.open()] : [await subject.open()];
}

function pick(stores: readonly Store[], index: number): Store {
  return stores[index % stores.length] as Store;
}

function operationRow(id: string, service: string, state: string) {
  return {
    id,
    service,
    kind: 'deploy',
    state,
    from_version: null,
    to_version: '1.0.0',
    fence: 1,
    owner: null,
    actor: 'a',
    reason: 'r',
    created_at: 1,
    ended_at: null,
  };
}

/** What every store must do, whatever database is behind it. */
export function storeContract(kind: string, make: (t: TestContext) => Promise<StoreSubject>): void {
  const anyService = { service: 's', model: 'm', pointer: null, pointed_at: null, fence: 0, hold: null };

  test(`${kind}: what a transaction wrote is there when it returns`, async (t) => {
    const subject = await make(t);
    const store = await subject.open();
    await store.transaction('write', (tx) => tx.insertInto('services').values(anyService).execute());
    const seen = subject.shared ? await subject.open() : store;
    assert.equal((await seen.read.selectFrom('services').selectAll().execute()).length, 1);
  });

  test(`${kind}: a transaction that throws leaves nothing, and the next one works`, async (t) => {
    const store = await (await make(t)).open();
    const failing = store.transaction('write', async (tx) => {
      await tx.insertInto('services').values(anyService).execute();
      throw new Error('no');
    });
    await assert.rejects(failing, /^Error: no$/);
    assert.deepEqual(await store.read.selectFrom('services').selectAll().execute(), []);
    await store.transaction('write', (tx) => tx.insertInto('services').values(anyService).execute());
    assert.equal((await store.read.selectFrom('services').selectAll().execute()).length, 1);
  });

  test(`${kind}: a failpoint before the commit undoes all of it, one after it undoes nothing`, async (t) => {
    const subject = await make(t);
    for (const [point, rows] of [
      ['write.before-commit', 0],
      ['write.after-commit', 1],
    ] as const) {
      const stopped: string[] = [];
      const store = await subject.open({
        hit: (name) => {
          if (name !== point) return;
          stopped.push(name);
          throw new Error(`stopped at ${name}`);
        },
      });
      await assert.rejects(
        store.transaction('write', (tx) => tx.insertInto('services').values(anyService).execute()),
        /stopped at/,
      );
      assert.deepEqual(stopped, [point]);
      assert.equal((await store.read.selectFrom('services').selectAll().execute()).length, rows, point);
      await store.transaction('clean', (tx) => tx.deleteFrom('services').execute());
    }
  });

  test(`${kind}: transactions that run at the same time lose no update`, async (t) => {
    const subject = await make(t);
    const stores = subject.shared ? [await subject.open(), await subject.open()] : [await subject.open()];
    const first = stores[0] as Store;
    await first.transaction('write', (tx) => tx.insertInto('services').values(anyService).execute());
    const increment = (store: Store): Promise<unknown> =>
      store.transaction('increment', async (tx) => {
        const { fence } = await tx.selectFrom('services').select('fence').executeTakeFirstOrThrow();
        await tx
          .updateTable('services')
          .set({ fence: fence + 1 })
          .execute();
      });
    await Promise.all(Array.from({ length: 40 }, (_, index) => increment(stores[index % stores.length] as Store)));
    assert.equal((await first.read.selectFrom('services').select('fence').executeTakeFirstOrThrow()).fence, 40);
  });

  test(`${kind}: of units asked for at once, one that throws is undone alone, and every caller gets its own answer`, async (t) => {
    const store = await (await make(t)).open();
    const units = Array.from({ length: 150 }, (_, index) =>
      store.transaction(
        'write',
        async (tx) => {
          const service = `s-${String(index).padStart(3, '0')}`;
          await tx
            .insertInto('services')
            .values({ ...anyService, service })
            .execute();
          // Refused by the program, and by the database, in the middle of what is done.
          if (index % 7 === 3) throw new Error(`no ${index}`);
          if (index % 7 === 5)
            await tx
              .insertInto('services')
              .values({ ...anyService, service })
              .execute();
          return index;
        },
        `s-${index}`,
      ),
    );
    const answers = await Promise.allSettled(units);
    const wrong = (index: number): boolean => index % 7 === 3 || index % 7 === 5;
    for (const [index, answer] of answers.entries()) {
      assert.equal(answer.status, wrong(index) ? 'rejected' : 'fulfilled', `unit ${index}`);
      if (answer.status === 'fulfilled') assert.equal(answer.value, index);
      else if (index % 7 === 3) assert.match(String(answer.reason), new RegExp(`no ${index}$`));
    }
    const rows = await store.read.selectFrom('services').select('service').orderBy('service').execute();
    assert.deepEqual(
      rows.map(({ service }) => service),
      answers.flatMap((_, index) => (wrong(index) ? [] : [`s-${String(index).padStart(3, '0')}`])),
    );
  });

  test(`${kind}: what is asked for inside a unit of work is answered by the next one, and nobody reads what may be undone`, async (t) => {
    const store = await (await make(t)).open();
    const steps = new EventEmitter();
    const written = once(steps, 'written');
    const goOn = once(steps, 'go on');
    const first = store.transaction('first', async (tx) => {
      await tx.insertInto('services').values(anyService).execute();
      steps.emit('written');
      await goOn;
      throw new Error('undone');
    });
    await written;
    const refused = assert.rejects(first, /undone/);
    const read = store.read.selectFrom('services').selectAll().execute();
    const second = store.transaction('second', (tx) => tx.selectFrom('services').selectAll().execute());
    steps.emit('go on');
    await refused;
    assert.deepEqual(await read, []);
    assert.deepEqual(await second, []);
  });

  test(`${kind}: the lane of a service takes one operation, and is free again when that has ended`, async (t) => {
    const store = await (await make(t)).open();
    const operation = (id: string, service: string, state: string) =>
      store.transaction('write', (tx) =>
        tx
          .insertInto('operations')
          .values(operationRow(id, service, state))
          .execute(),
      );
    await operation('one', 's', 'running');
    for (const state of ['running', 'open', 'stuck']) await assert.rejects(operation(`second-${state}`, 's', state));
    await operation('ended', 's', 'completed');
    await operation('other', 't', 'open');
    await store.transaction('end', (tx) =>
      tx.updateTable('operations').set({ state: 'failed' }).where('id', '=', 'one').execute(),
    );
    await operation('two', 's', 'stuck');
  });

  test(`${kind}: its time is the database's, within a unit of work and outside`, async (t) => {
    const { clock, open } = await make(t);
    const store = await open();
    clock?.set(1_234_567_890_123);
    const before = await store.now();
    const within = await store.transaction('time', async (_tx, at) => at);
    const after = await store.now();
    if (clock) assert.deepEqual([before, within, after], Array(3).fill(1_234_567_890_123));
    assert.ok(before <= within && within <= after, `${before} ${within} ${after}`);
    assert.ok(Number.isSafeInteger(within) && Math.abs(after - (clock?.now() ?? Date.now())) < 60_000, String(after));
  });

  test(`${kind}: what stands later in the rows of a service is not earlier, whoever wrote it`, async (t) => {
    const stores = await several(await make(t));
    const append = (store: Store, service: string): Promise<unknown> =>
      store.transaction(
        'append',
        (tx, at) =>
          tx.insertInto('tasks').values({ service, kind: 'k', data: '{}', due: at, attempts: 0, owner: null }).execute(),
        service,
      );
    await Promise.all(Array.from({ length: 40 }, (_, each) => append(pick(stores, each), each % 3 === 0 ? 'a' : 'b')));
    for (const service of ['a', 'b']) {
      const rows = await pick(stores, 0)
        .read.selectFrom('tasks')
        .select('due')
        .where('service', '=', service)
        .orderBy('id')
        .execute();
      const times = rows.map(({ due }) => due);
      assert.ok(times.length > 10);
      assert.deepEqual(
        times,
        times.toSorted((one, other) => one - other),
      );
    }
  });

  test(`${kind}: a task is taken by one of many that want it`, async (t) => {
    const stores = await several(await make(t));
    const task = { service: 's', kind: 'k', data: '{}', due: 0, attempts: 0, owner: null };
    await pick(stores, 0).transaction('add', (tx) =>
      tx
        .insertInto('tasks')
        .values(Array.from({ length: 12 }, () => task))
        .execute(),
    );
    const take = (store: Store, owner: string): Promise<number | null> =>
      store.transaction(
        'take',
        async (tx) => {
          const free = await tx.selectFrom('tasks').select('id').where('owner', 'is', null).orderBy('id').executeTakeFirst();
          if (!free) return null;
          await tx.updateTable('tasks').set({ owner }).where('id', '=', free.id).execute();
          return free.id;
        },
        's',
      );
    const taken = await Promise.all(Array.from({ length: 20 }, (_, each) => take(pick(stores, each), `owner-${each}`)));
    const got = taken.filter((id) => id !== null);
    assert.equal(got.length, 12);
    assert.equal(new Set(got).size, 12);
  });

  test(`${kind}: a unit of one service and one of the whole registry are never at work at once`, async (t) => {
    const stores = await several(await make(t));
    await pick(stores, 0).transaction('write', (tx) => tx.insertInto('services').values(anyService).execute());
    let within = 0;
    const increment = (store: Store, service?: string): Promise<unknown> =>
      store.transaction(
        'increment',
        async (tx) => {
          within += 1;
          assert.equal(within, 1);
          const { fence } = await tx.selectFrom('services').select('fence').executeTakeFirstOrThrow();
          await tx
            .updateTable('services')
            .set({ fence: fence + 1 })
            .execute();
          within -= 1;
        },
        service,
      );
    await Promise.all(Array.from({ length: 30 }, (_, each) => increment(pick(stores, each), each % 3 === 0 ? undefined : 's')));
    assert.equal((await pick(stores, 0).read.selectFrom('services').select('fence').executeTakeFirstOrThrow()).fence, 30);
  });

  test(`${kind}: whoever waits learns that an operation was changed by another`, { timeout: 30_000 }, async (t) => {
    const stores = await several(await make(t));
    const [one, other] = [pick(stores, 0), pick(stores, 1)];
    await one.transaction('write', (tx) =>
      tx
        .insertInto('operations')
        .values(operationRow('o', 's', 'running'))
        .execute(),
    );
    const state = async (): Promise<string> =>
      (await other.read.selectFrom('operations').select('state').executeTakeFirstOrThrow()).state;
    let looks = 0;
    const seen = (async (): Promise<void> => {
      while ((await state()) === 'running') {
        looks += 1;
        await other.changes(looks < 3 ? 10 : 20_000, new AbortController().signal);
      }
    })();
    while (looks < 3) await one.changes(10, new AbortController().signal);
    await one.transaction('end', (tx) => tx.updateTable('operations').set({ state: 'completed' }).execute(), 's');
    await seen;
    const stop = new AbortController();
    const waiting = other.changes(20_000, stop.signal);
    stop.abort();
    await waiting;
  });

  test(`${kind}: keys count up and are not given out again`, async (t) => {
    const store = await (await make(t)).open();
    const add = async (): Promise<number> => {
      const task = { service: 's', kind: 'backup', data: '{}', due: 1, attempts: 0, owner: null };
      const row = await store.transaction('add', (tx) =>
        tx.insertInto('tasks').values(task).returning('id').executeTakeFirstOrThrow(),
      );
      return row.id;
    };
    const first = await add();
    await store.transaction('clean', (tx) => tx.deleteFrom('tasks').execute());
    assert.ok((await add()) > first);
  });

  test(`${kind}: values come back as they were`, async (t) => {
    const store = await (await make(t)).open();
    const row = {
      service: 'dienst-ü-🛫',
      at: 8_640_000_000_000_000,
      kind: 'share',
      version: '1.0.0',
      share: 33.3,
      requests: Number.MAX_SAFE_INTEGER,
      operation: null,
      source: 'witnessed',
      actor: `o'brien"; drop table history; --`,
      reason: 'line\nbreak\ttab',
      evidence: null,
      checksum: '',
    };
    await store.transaction('write', (tx) => tx.insertInto('history').values(row).execute());
    const { sequence, ...back } = await store.read.selectFrom('history').selectAll().executeTakeFirstOrThrow();
    assert.equal(typeof sequence, 'number');
    assert.deepEqual({ ...back }, row);
  });
}
