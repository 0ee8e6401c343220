import { fail } from '../model/errors.ts';
import { hasEnded, laneHolding, type Operation } from '../model/operation.ts';
import { committedMemory } from '../store/committed-memory.ts';
import { hotQuery } from '../store/hot-query.ts';
import type { Readable } from '../store/store.ts';
import { foldOn, foldOperation } from './fold.ts';
import { readRow } from './journal.ts';

/** An operation as its journal tells it; of one that was read before only what is new is read. */
export async function readOperation(database: Readable, id: string): Promise<Operation | null> {
  const memory = known(database);
  const followed = await follow(database, id, memory?.get(id) ?? null);
  if (followed) memory?.set(id, followed);
  return followed?.operation ?? null;
}

/** An operation, and how far its journal was read: what is read next begins there. */
interface Followed {
  readonly operation: Operation;
  readonly sequence: number;
}

/** As many as a process may have under way at once, so that a look at one costs what is new of it. */
const known = committedMemory<Followed>(2_000);

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
    const [row] = await holderOf(database, [service, ...laneHolding]);
    if (!row) return null;
    const operation = await requireOperation(database, row.id);
    // It may have ended between the two looks, and another have begun.
    if (!hasEnded(operation.state)) return operation;
  }
}

/** Operations of a service, newest first. */
export async function listOperations(database: Readable, service: string, limit: number): Promise<readonly Operation[]> {
  const rows = await database
    .selectFrom('operations')
    .select('id')
    .where('service', '=', service)
    .orderBy('created_at', 'desc')
    .limit(limit)
    .execute();
  return Promise.all(rows.map((row) => requireOperation(database, row.id)));
}

const holderOf = hotQuery((database) =>
  database
    .selectFrom('operations')
    .select('id')
    .where('service', '=', '')
    .where('state', 'in', [...laneHolding]),
);

/** The row and what its journal says, in one statement: nobody writes between them. */
const rowAndJournal = hotQuery((database) =>
  database
    .selectFrom('operations')
    .leftJoin('journal', (join) => join.onRef('journal.operation', '=', 'operations.id').on('journal.sequence', '>', 0))
    .select(['operations.id', 'operations.service', 'operations.actor', 'operations.reason', 'operations.state'])
    .select(['journal.sequence', 'journal.at', 'journal.kind', 'journal.data', 'journal.checksum'])
    .where('operations.id', '=', '')
    .orderBy('journal.sequence'),
);

async function follow(database: Readable, id: string, before: Followed | null): Promise<Followed | null> {
  const rows = await rowAndJournal(database, [before?.sequence ?? 0, id]);
  const [header] = rows;
  if (!header) return null;
  const news = rows.flatMap(({ sequence, at, kind, data, checksum }) =>
    sequence === null || at === null || kind === null || data === null || checksum === null
      ? []
      : [{ sequence, operation: id, at, kind, data, checksum }],
  );
  const journal = news.map(readRow);
  const { service, actor, reason } = header;
  const operation = before ? foldOn(before.operation, journal) : foldOperation({ id, service, actor, reason }, journal);
  if (operation?.state === header.state) return { operation, sequence: news.at(-1)?.sequence ?? before?.sequence ?? 0 };
  return fail({
    code: 'registry.damaged',
    what: `the journal of operation ${id} cannot be read back`,
    why: operation ? `it ends in ${operation.state} and its row says ${header.state}` : 'an event stands where it is illegal',
    touched: 'unknown',
    next: 'restore the newest file of backup/ beside the database; what serves is not changed by that',
  });
}
