import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { claim } from '../../src/execute/claim.ts';
import { commitEvents } from '../../src/execute/lane.ts';
import { requireFollowed, requireOperation } from '../../src/execute/read.ts';
import { ProblemError } from '../../src/model/errors.ts';
import { deploy } from '../../src/operate/deploy.ts';
import { noFailpoints } from '../../src/ports/failpoints.ts';
import { openSqlite } from '../../src/store/sqlite.ts';
import { settableClock, temporaryFolder } from '../contract/store-fixture.ts';
import { fakeEngine, register, request } from '../fixtures/fake-engine.ts';

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

test('an operation that is followed is the one that is read anew, event by event, and a changed row is named', async (t) => {
  const { engine } = await fakeEngine();
  t.after(() => engine.store.close());
  await register(engine, '1.0.0');
  const outcome = await deploy(engine, { ...request(), version: '1.0.0', shares: [100], every: 0 });
  const { id } = outcome.kind === 'ran' ? outcome.operation : assert.fail();
  const whole = await requireOperation(engine.store.read, id);
  const events = await engine.store.read.selectFrom('journal').selectAll().orderBy('sequence').execute();
  // The last row is taken away, read up to there, and put back.
  const last = events.at(-1) ?? assert.fail();
  const state = (wanted: string) =>
    engine.store.transaction('test', async (tx) => {
      await tx.updateTable('operations').set({ state: wanted }).where('id', '=', id).execute();
      if (wanted === 'running') await tx.deleteFrom('journal').where('sequence', '=', last.sequence).execute();
      else await tx.insertInto('journal').values(last).execute();
    });
  await state('running');
  const earlier = await requireFollowed(engine.store.read, id, null);
  assert.equal(earlier.operation.state, 'running');
  assert.equal(earlier.sequence, events.at(-2)?.sequence);
  await state('completed');
  assert.deepEqual((await requireFollowed(engine.store.read, id, earlier)).operation, whole);
  await engine.store.transaction('test', (tx) =>
    tx.updateTable('journal').set({ data: '{"kind":"completed"}' }).where('sequence', '=', last.sequence).execute(),
  );
  await assert.rejects(
    requireFollowed(engine.store.read, id, earlier),
    (error) =>
      error instanceof ProblemError &&
      error.problem.code === 'registry.damaged' &&
      error.problem.what.includes(`row ${last.sequence}`),
  );
});
