import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { claim } from '../../src/execute/claim.ts';
import { commitEvents } from '../../src/execute/lane.ts';
import { appendEvent } from '../../src/execute/journal.ts';
import { requireOperation } from '../../src/execute/read.ts';
import { ProblemError } from '../../src/model/errors.ts';
import { deploy } from '../../src/operate/deploy.ts';
import { appendHistory, readHistory } from '../../src/registry/history.ts';
import { noFailpoints } from '../../src/ports/failpoints.ts';
import { openSqlite } from '../../src/store/sqlite.ts';
import { settableClock, temporaryFolder } from '../contract/store-fixture.ts';
import { fakeEngine, register, request } from '../fixtures/fake-engine.ts';

const mark = { kind: 'held', version: null, share: null, requests: null, source: 'witnessed', actor: 'ana', reason: '' } as const;
const problem = { code: 'timeout', what: '', why: '', touched: 'no', next: '' } as const;

test('an operation is read whole while it is written: its row and its journal never tell of two moments', async (t) => {
  const { engine } = await fakeEngine();
  await engine.store.close();
  const file = join(temporaryFolder(t), 'sofare.db');
  const store = await openSqlite({ file, readOnly: false, clock: settableClock(), failpoints: noFailpoints });
  t.after(() => store.close());
  const shared = { ...engine, store };
  await register(shared, '1.0.0', '2.0.0');
  await deploy(shared, { ...request(), version: '1.0.0', shares: [100], every: 0 });
  const open = await deploy(shared, { ...request(), version: '2.0.0', shares: [50], every: 0 });
  const { id } = open.kind === 'ran' ? open.operation : assert.fail();
  let over = false;
  const written = (async () => {
    for (let write = 0; write < 60; write += 1)
      await commitEvents(shared, 'park', await claim(shared, id, 'test', 0), [{ kind: 'stuck', problem }]);
  })().finally(() => {
    over = true;
  });
  const states = new Set<string>();
  while (!over) states.add((await requireOperation(store.read, id)).state);
  await written;
  assert.deepEqual([...states].filter((state) => state !== 'open').sort(), ['running', 'stuck']);
});

test('an operation that was read before is read on from there, and is what a new reader sees; a changed row is named', async (t) => {
  const { engine } = await fakeEngine();
  await engine.store.close();
  const file = join(temporaryFolder(t), 'sofare.db');
  const options = { file, readOnly: false, clock: settableClock(), failpoints: noFailpoints };
  const store = await openSqlite(options);
  const other = await openSqlite(options);
  t.after(() => Promise.all([store.close(), other.close()]));
  await register({ ...engine, store }, '1.0.0');
  const outcome = await deploy({ ...engine, store }, { ...request(), version: '1.0.0', shares: [100], every: 0 });
  const { id } = outcome.kind === 'ran' ? outcome.operation : assert.fail();
  const whole = await requireOperation(store.read, id);
  const events = await store.read.selectFrom('journal').selectAll().orderBy('sequence').execute();
  const last = events.at(-1) ?? assert.fail();
  /** The last row is taken away, or stands there as given. */
  const ending = (row: typeof last | null) =>
    store.transaction('test', async (tx) => {
      const state = row === null ? 'running' : 'completed';
      await tx.updateTable('operations').set({ state }).where('id', '=', id).execute();
      await tx.deleteFrom('journal').where('sequence', '=', last.sequence).execute();
      if (row !== null) await tx.insertInto('journal').values(row).execute();
    });
  await ending(null);
  assert.equal((await requireOperation(other.read, id)).state, 'running');
  await ending({ ...last, data: '{"kind":"completed"}' });
  await assert.rejects(
    requireOperation(other.read, id),
    (error) =>
      error instanceof ProblemError &&
      error.problem.code === 'registry.damaged' &&
      error.problem.what.includes(`row ${last.sequence}`),
  );
  await ending(last);
  assert.deepEqual(await requireOperation(other.read, id), whole);
});

test('what a unit of work reads is forgotten with it when it is undone', async (t) => {
  const { engine } = await fakeEngine();
  t.after(() => engine.store.close());
  await register(engine, '1.0.0', '2.0.0');
  await deploy(engine, { ...request(), version: '1.0.0', shares: [100], every: 0 });
  const open = await deploy(engine, { ...request(), version: '2.0.0', shares: [50], every: 0 });
  const { id, service } = open.kind === 'ran' ? open.operation : assert.fail();
  const undone = engine.store.transaction('test', async (transaction, at) => {
    await appendEvent(transaction, id, at, { kind: 'abandoned', actor: 'ana', reason: 'test' });
    await appendHistory(transaction, service, at, { ...mark, operation: id });
    assert.equal((await requireOperation(transaction, id)).state, 'abandoned');
    assert.equal((await readHistory(transaction, service, { limit: 1 }))[0]?.kind, 'held');
    throw new Error('undone');
  });
  await assert.rejects(undone, /undone/);
  assert.equal((await requireOperation(engine.store.read, id)).state, 'open');
  assert.notEqual((await readHistory(engine.store.read, service, { limit: 1 }))[0]?.kind, 'held');
});
