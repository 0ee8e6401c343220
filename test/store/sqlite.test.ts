import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { copyFileSync, existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { test } from 'node:test';
import { ProblemError } from '../../src/model/errors.ts';
import { noFailpoints } from '../../src/ports/failpoints.ts';
import { openSqlite } from '../../src/store/sqlite.ts';
import type { Store } from '../../src/store/store.ts';
import { storeContract } from '../contract/store-contract.ts';
import { openStore, settableClock, temporaryFolder } from '../contract/store-fixture.ts';

for (const kind of ['a SQLite file', 'SQLite in memory'] as const) {
  storeContract(kind, async (t) => {
    const clock = settableClock();
    const file = kind === 'a SQLite file' ? join(temporaryFolder(t), 'sofare.db') : ':memory:';
    return {
      clock,
      shared: file !== ':memory:',
      open: async (failpoints = noFailpoints) => {
        const store = await openSqlite({ file, readOnly: false, clock, failpoints });
        t.after(() => store.close());
        return store;
      },
    };
  });
}

const child = new URL('./increment-child.ts', import.meta.url).pathname;

async function increments(file: string, times: number): Promise<string> {
  const running = spawn(process.execPath, [child, file, String(times)], { stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  for (const stream of [running.stdout, running.stderr]) stream.on('data', (text: Buffer) => (output += text.toString()));
  const [code] = (await once(running, 'close')) as [number];
  assert.equal(code, 0, output);
  return output;
}

test('processes that open a new registry and write at the same time lose no update and get no error', {
  timeout: 120_000,
}, async (t) => {
  const file = join(temporaryFolder(t), 'registry', 'sofare.db');
  await Promise.all(Array.from({ length: 4 }, () => increments(file, 50)));
  const store = await openStore(t, file);
  assert.equal((await store.read.selectFrom('services').select('fence').executeTakeFirstOrThrow()).fence, 200);
});

test('an open waits for the process that is making the same registry', async (t) => {
  const file = join(temporaryFolder(t), 'sofare.db');
  const maker = new DatabaseSync(file);
  maker.exec('begin exclusive');
  const clock = settableClock();
  let waited = 0;
  const open = openStore(t, file, false, {
    ...clock,
    wait: async () => {
      waited += 1;
      if (waited === 2) maker.close();
    },
  });
  assert.deepEqual(await (await open).read.selectFrom('services').selectAll().execute(), []);
  assert.ok(waited >= 2);
});

test('an open gives up on a registry that stays locked, and says so', async (t) => {
  const file = join(temporaryFolder(t), 'sofare.db');
  const holder = new DatabaseSync(file);
  t.after(() => holder.close());
  holder.exec('begin exclusive');
  let now = 0;
  const clock = {
    ...settableClock(),
    monotonic: () => now,
    wait: async (milliseconds: number) => {
      now += milliseconds * 50;
    },
  };
  const problem = await problemOf(openStore(t, file, false, clock));
  assert.equal(problem.code, 'registry.busy');
  assert.equal(problem.touched, 'no');
});

test('every open asserts synchronous FULL and write-ahead logging, the second as the first', { timeout: 60_000 }, async (t) => {
  const file = join(temporaryFolder(t), 'sofare.db');
  for (const time of ['first', 'second']) {
    assert.match(await increments(file, 1), /"synchronous":2,"journal_mode":"wal"/, time);
  }
});

test('a new registry can be read by its owner alone', async (t) => {
  const file = join(temporaryFolder(t), 'sofare.db');
  await openStore(t, file);
  assert.equal(statSync(file).mode & 0o777, 0o600);
});

test('a registry from a newer sofare is refused, by readers too, and is left as it is', async (t) => {
  const file = join(temporaryFolder(t), 'sofare.db');
  await (await openStore(t, file)).close();
  const newer = new DatabaseSync(file);
  newer.exec('pragma user_version = 99');
  newer.close();
  const before = readFileSync(file);
  for (const readOnly of [false, true]) {
    const problem = await problemOf(openStore(t, file, readOnly));
    assert.equal(problem.code, 'registry.from-newer');
    assert.match(problem.what, /schema 99/);
  }
  assert.deepEqual(readFileSync(file), before);
});

test('a read-only open never writes, and a registry that is not there is not made by it', async (t) => {
  const folder = temporaryFolder(t);
  const missing = join(folder, 'missing', 'sofare.db');
  await assert.rejects(openStore(t, missing, true));
  assert.equal(existsSync(join(folder, 'missing')), false);

  const file = join(folder, 'sofare.db');
  await (await openStore(t, file)).close();
  const reader = await openStore(t, file, true);
  const write = reader.transaction('write', (tx) =>
    tx
      .insertInto('services')
      .values({ service: 's', model: 'm', pointer: null, pointed_at: null, fence: 0, hold: null })
      .execute(),
  );
  assert.equal((await problemOf(write)).code, 'registry.read-only');
  assert.deepEqual(await reader.read.selectFrom('services').selectAll().execute(), []);
});

test('a file that is no database is named damaged and left as it is', async (t) => {
  const file = join(temporaryFolder(t), 'sofare.db');
  const text = '{"model_name":"sofarem3","releases":{"1.0.0":'.padEnd(8192, '1');
  writeFileSync(file, text);
  const problem = await problemOf(openStore(t, file));
  assert.equal(problem.code, 'registry.damaged');
  assert.match(problem.what, /sofare\.db/);
  assert.equal(readFileSync(file, 'utf8'), text);
});

test('a page with a flipped bit is named damaged, and is not written over', async (t) => {
  const folder = temporaryFolder(t);
  const file = join(folder, 'sofare.db');
  const store = await openStore(t, file);
  for (let index = 0; index < 300; index += 1) {
    const service = `service-${index}`;
    await store.transaction('write', (tx) =>
      tx.insertInto('services').values({ service, model: 'm', pointer: null, pointed_at: null, fence: 0, hold: null }).execute(),
    );
  }
  const copy = join(folder, 'copy.db');
  await store.backup?.(copy);
  const bytes = readFileSync(copy);
  const pageSize = bytes.readUInt16BE(16);
  const page = bytes.indexOf('service-150');
  // The first byte of a page says what kind of page it is.
  const kind = Math.floor(page / pageSize) * pageSize;
  bytes.writeUInt8((bytes[kind] ?? 0) ^ 0x40, kind);
  writeFileSync(copy, bytes);
  const flipped = await openStore(t, copy);
  const read = flipped.read.selectFrom('services').selectAll().execute();
  const problem = await problemOf(read);
  assert.equal(problem.code, 'registry.damaged');
  assert.match(problem.what, /copy\.db/);
  const write = flipped.transaction('write', (tx) => tx.updateTable('services').set({ fence: 1 }).execute());
  assert.equal((await problemOf(write)).code, 'registry.damaged');
  assert.deepEqual(readFileSync(copy).subarray(kind, kind + pageSize), bytes.subarray(kind, kind + pageSize));
});

test('a copy made while others write is one consistent state', async (t) => {
  const folder = temporaryFolder(t);
  const store = await openStore(t, join(folder, 'sofare.db'));
  const pair = (at: number): Promise<unknown> =>
    store.transaction('pair', async (tx) => {
      for (const kind of ['one', 'two']) {
        await tx
          .insertInto('tasks')
          .values({ service: 's', kind, data: 'x'.repeat(2000), due: at, attempts: 0, owner: null })
          .execute();
      }
    });
  for (let at = 0; at < 50; at += 1) await pair(at);
  const [, ...rest] = await Promise.all([
    store.backup?.(join(folder, 'copy.db')),
    ...Array.from({ length: 50 }, (_, at) => pair(at + 50)),
  ]);
  assert.equal(rest.length, 50);
  const copy: Store = await openStore(t, join(folder, 'copy.db'));
  const kinds = await copy.read.selectFrom('tasks').select(['kind', 'due']).execute();
  assert.equal(kinds.filter(({ kind }) => kind === 'one').length, kinds.filter(({ kind }) => kind === 'two').length);
  assert.ok(kinds.length >= 100);
});

test('the wal of a killed writer is read back by the next open', async (t) => {
  const folder = temporaryFolder(t);
  const store = await openStore(t, join(folder, 'sofare.db'));
  await store.transaction('write', (tx) =>
    tx
      .insertInto('services')
      .values({ service: 's', model: 'm', pointer: null, pointed_at: null, fence: 7, hold: null })
      .execute(),
  );
  for (const end of ['', '-wal']) copyFileSync(join(folder, `sofare.db${end}`), join(folder, `crashed.db${end}`));
  const after = await openStore(t, join(folder, 'crashed.db'));
  assert.equal((await after.read.selectFrom('services').select('fence').executeTakeFirstOrThrow()).fence, 7);
});

async function problemOf(work: Promise<unknown>): Promise<ProblemError['problem']> {
  try {
    await work;
  } catch (error) {
    assert.ok(error instanceof ProblemError, String(error));
    return error.problem;
  }
  return assert.fail('nothing was refused');
}
