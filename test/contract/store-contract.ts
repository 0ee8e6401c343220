import assert from 'node:assert/strict';
import { EventEmitter, once } from 'node:events';
import { test, type TestContext } from 'node:test';
import type { Failpoints } from '../../src/ports/failpoints.ts';
import type { Store } from '../../src/store/store.ts';
import type { SettableClock } from './store-fixture.ts';

/** One registry that can be opened. Where `shared` is true, every open sees the same state. */
export interface StoreSubject {
  readonly clock: SettableClock;
  readonly shared: boolean;
  open(failpoints?: Failpoints): Promise<Store>;
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
          .values({
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
          })
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

  test(`${kind}: its time is the clock's`, async (t) => {
    const subject = await make(t);
    const store = await subject.open();
    subject.clock.set(1_234_567_890_123);
    assert.equal(await store.now(), 1_234_567_890_123);
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
