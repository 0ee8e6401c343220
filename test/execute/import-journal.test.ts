import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Engine } from '../../src/execute/engine.ts';
import { importJournal } from '../../src/execute/import-journal.ts';
import { laneHolder, requireOperation } from '../../src/execute/read.ts';
import type { ServiceRecord } from '../../src/model/service-record.ts';
import { deploy } from '../../src/operate/deploy.ts';
import { exitOf } from '../../src/operate/outcome.ts';
import { reconcile } from '../../src/operate/reconcile.ts';
import { resume } from '../../src/operate/resume.ts';
import { rollback } from '../../src/operate/rollback.ts';
import { request, rollbackRequest } from '../fixtures/fake-engine.ts';
import { firstOwner, restarted, secondOwner, twoDatabases } from '../fixtures/two-databases.ts';

const service = 'fraud-scorer';
const signal = new AbortController().signal;
const direct = (version: string) => ({ ...request(), version, shares: [100], every: 0 });

function dyingAfter(engine: Engine, unit: string): Engine {
  const transaction: Engine['store']['transaction'] = async (name, work) => {
    const done = await engine.store.transaction(name, work, service);
    if (name === unit) throw new Error('died');
    return done;
  };
  return { ...engine, store: { ...engine.store, transaction } };
}

async function lastRows({ store }: Engine): Promise<{ journal: number; history: number }> {
  const last = async (table: 'journal' | 'history'): Promise<number> => {
    const row = await store.read
      .selectFrom(table)
      .select((build) => build.fn.max('sequence').as('last'))
      .executeTakeFirst();
    return Number(row?.last ?? 0);
  };
  return { journal: await last('journal'), history: await last('history') };
}

test('what was taken up here meanwhile keeps its owner and its fence when the journal of an earlier claim is taken in', async () => {
  const { first, second, dead } = await twoDatabases('1.2.0', '1.3.0');
  for (const version of ['1.2.0', '1.3.0']) await deploy(first.engine, direct(version));
  await assert.rejects(rollback(dyingAfter(first.engine, 'route.intent'), rollbackRequest()), /died/);
  dead.add(firstOwner);
  await reconcile(second.engine, signal);
  const left = await laneHolder(second.engine.store.read, service);
  assert.ok(left);
  const seeded = await lastRows(second.engine);
  await assert.rejects(resume(dyingAfter(second.engine, 'claim'), { ...request(), operation: left.id, abandon: false }), /died/);
  dead.add(secondOwner);
  const again = restarted(first, 'first/boot/1/2');
  await again.store.transaction('test', (transaction) => transaction.updateTable('services').set({ fence: 20 }).execute());
  assert.equal(exitOf(await resume(again, { ...request(), operation: left.id, abandon: false })), 0);
  const before = await requireOperation(again.store.read, left.id);
  await importJournal(again, second.engine.store, seeded, first.world.recorded.value as ServiceRecord);
  const after = await requireOperation(again.store.read, left.id);
  assert.deepEqual([after.state, after.fence, after.owners], [before.state, before.fence, before.owners]);
});
