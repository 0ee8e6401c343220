import { fail } from '../model/errors.ts';
import { hasEnded, laneHolding, type Operation } from '../model/operation.ts';
import type { Readable } from '../store/store.ts';
import type { OperationsTable } from '../store/tables.ts';
import { foldOperation } from './fold.ts';
import { readJournal } from './journal.ts';

export async function readOperation(database: Readable, id: string): Promise<Operation | null> {
  const row = await database.selectFrom('operations').selectAll().where('id', '=', id).executeTakeFirst();
  return row ? await folded(database, row) : null;
}

export async function requireOperation(database: Readable, id: string): Promise<Operation> {
  return (
    (await readOperation(database, id)) ??
    fail({
      code: 'operation.unknown',
      what: `there is no operation ${id}`,
      why: 'the journal has none of that name',
      touched: 'no',
      next: 'sofare history',
    })
  );
}

/** The operation that holds the lane of a service, or null. */
export async function laneHolder(database: Readable, service: string): Promise<Operation | null> {
  for (;;) {
    const row = await database
      .selectFrom('operations')
      .selectAll()
      .where('service', '=', service)
      .where('state', 'in', [...laneHolding])
      .executeTakeFirst();
    const operation = row ? await folded(database, row) : null;
    // One that ended while it was read has left the lane, perhaps to another.
    if (operation === null || !hasEnded(operation.state)) return operation;
  }
}

/** Operations of a service, newest first. */
export async function listOperations(database: Readable, service: string, limit: number): Promise<readonly Operation[]> {
  const rows = await database
    .selectFrom('operations')
    .selectAll()
    .where('service', '=', service)
    .orderBy('created_at', 'desc')
    .limit(limit)
    .execute();
  return Promise.all(rows.map((row) => folded(database, row)));
}

/** Row and journal are read one after the other: where they disagree and the row has changed since, somebody wrote in between. */
async function folded(database: Readable, row: OperationsTable): Promise<Operation> {
  const header = { id: row.id, service: row.service, actor: row.actor, reason: row.reason };
  const operation = foldOperation(header, await readJournal(database, row.id));
  if (operation && operation.state === row.state) return operation;
  const now = await database.selectFrom('operations').selectAll().where('id', '=', row.id).executeTakeFirst();
  if (now && now.state !== row.state) return folded(database, now);
  return fail({
    code: 'registry.damaged',
    what: `the journal of operation ${row.id} cannot be read back`,
    why: operation ? `it ends in ${operation.state} and its row says ${row.state}` : 'an event stands where it is illegal',
    touched: 'unknown',
    next: 'restore the newest file of backup/ beside the database; what serves is not changed by that',
  });
}
