import type { Selectable } from 'kysely';
import { hasEnded, nextState, type OperationState } from '../model/operation.ts';
import type { RecordedEvent, ServiceRecord } from '../model/service-record.ts';
import { readHistory } from '../registry/history.ts';
import { importHold, importProduction, importVersions, missingEvents, productionOf } from '../registry/import-past.ts';
import { ensureService, leastFence, readService } from '../registry/services.ts';
import type { Readable, Store, Transacted } from '../store/store.ts';
import type { JournalTable, OperationsTable } from '../store/tables.ts';
import { takeInRecord } from './catch-up.ts';
import type { Engine } from './engine.ts';
import type { Seeded } from './glass.ts';
import { appendEvent, readRow } from './journal.ts';
import { openIncident } from './open-incident.ts';
import { laneHolder, requireOperation } from './read.ts';

/**
 * Takes the journal of a rollback that was done without the registry into it: operations with their rows as they were written, history,
 * pointer, hold, quarantine, incident, tasks and fence, in one transaction. Once more changes nothing.
 */
export async function importJournal(engine: Engine, local: Store, seeded: Seeded, record: ServiceRecord): Promise<void> {
  const { store, service } = engine;
  const [operations, events] = await Promise.all([
    local.read.selectFrom('operations').selectAll().where('service', '=', service.name).orderBy('created_at').execute(),
    readHistory(local.read, service.name),
  ]);
  const witnessed = events
    .filter(({ sequence }) => sequence > seeded.history)
    .toReversed()
    .map(({ sequence: _sequence, service: _service, ...event }) => event);
  await store.transaction(
    'import',
    async (transaction, at) => {
      await ensureService(transaction, service.name, service.model);
      // What was there before ends first: the lane takes one operation.
      for (const known of [true, false]) {
        for (const operation of operations) {
          const present = await isThere(transaction, operation.id);
          if (present !== known) continue;
          await takeIn(transaction, local.read, operation, present ? seeded.journal : null);
        }
      }
      await importVersions(transaction, service.model, record.versions, at);
      await importState(transaction, local.read, service.name, witnessed, at);
      await importTasks(transaction, local.read, service.name);
      await takeInRecord(transaction, service, record, at);
    },
    service.name,
  );
}

async function isThere(database: Readable, id: string): Promise<boolean> {
  return (await database.selectFrom('operations').select('id').where('id', '=', id).executeTakeFirst()) !== undefined;
}

/** `after`: only rows later than this; null: the operation is new here, with all its rows. */
async function takeIn(
  transaction: Transacted,
  local: Readable,
  operation: Selectable<OperationsTable>,
  after: number | null,
): Promise<void> {
  const rows = await local
    .selectFrom('journal')
    .selectAll()
    .where('operation', '=', operation.id)
    .where('sequence', '>', after ?? 0)
    .orderBy('sequence')
    .execute();
  if (after === null) await insertWhole(transaction, operation, rows);
  else await appendLater(transaction, operation.id, rows);
  const incident = await local.selectFrom('incidents').selectAll().where('operation', '=', operation.id).executeTakeFirst();
  if (incident) await openIncident(transaction, operation.service, operation.id, Number(incident.opened_at));
}

async function insertWhole(
  transaction: Transacted,
  operation: Selectable<OperationsTable>,
  rows: readonly Selectable<JournalTable>[],
): Promise<void> {
  // Whatever holds the lane here did not see that the service was taken from it.
  const holder = hasEnded(operation.state as OperationState) ? null : await laneHolder(transaction, operation.service);
  if (holder) await appendEvent(transaction, holder.id, operation.created_at, { kind: 'superseded', by: operation.id });
  await transaction.insertInto('operations').values(operation).execute();
  for (const { sequence: _sequence, ...row } of rows) {
    readRow({ ...row, sequence: _sequence });
    await transaction.insertInto('journal').values(row).execute();
  }
}

async function appendLater(transaction: Transacted, operation: string, rows: readonly Selectable<JournalTable>[]): Promise<void> {
  const present = await transaction.selectFrom('journal').select('checksum').where('operation', '=', operation).execute();
  const known = new Set(present.map(({ checksum }) => checksum));
  for (const row of rows) {
    if (known.has(row.checksum)) continue;
    const { at, event } = readRow(row);
    const { state, fence, owners } = await requireOperation(transaction, operation);
    if (event.kind === 'claimed' && event.fence <= fence) {
      // The record has told of this very claim already.
      if (event.fence === fence && event.owner === owners.at(-1)) continue;
      // Who took it up here meanwhile has it by a later one: what was done under this one is over.
      break;
    }
    // Another controller brought it further than this meanwhile.
    if (hasEnded(state) || nextState(state, event) === null) continue;
    await appendEvent(transaction, operation, at, event);
  }
}

/** What stands in production by the local journal, unless somebody has claimed the service since. */
async function importState(
  transaction: Transacted,
  local: Readable,
  service: string,
  witnessed: readonly RecordedEvent[],
  at: number,
): Promise<void> {
  const [there, here] = await Promise.all([readService(local, service), readService(transaction, service)]);
  if (!there || (here?.fence ?? 0) > there.fence) return;
  const missing = await missingEvents(transaction, service, witnessed);
  await importProduction(transaction, service, missing, await productionOf(local, service), at);
  await importHold(transaction, service, there.hold);
  await leastFence(transaction, service, there.fence);
}

/** Done once more, a task finds that it was done. */
async function importTasks(transaction: Transacted, local: Readable, service: string): Promise<void> {
  const tasks = await local.selectFrom('tasks').selectAll().where('service', '=', service).execute();
  const present = await transaction.selectFrom('tasks').select('data').where('service', '=', service).execute();
  const known = new Set(present.map(({ data }) => data));
  for (const { id: _id, ...task } of tasks.filter(({ data }) => !known.has(data)))
    await transaction
      .insertInto('tasks')
      .values({ ...task, owner: null })
      .execute();
}
