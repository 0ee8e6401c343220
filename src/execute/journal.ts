import type { Selectable } from 'kysely';
import { fail } from '../model/errors.ts';
import { hasEnded, nextState, type OperationEvent, type OperationState } from '../model/operation.ts';
import { assertChecksum, checksumOf } from '../store/checksum.ts';
import { hotQuery } from '../store/hot-query.ts';
import type { Readable, Transacted } from '../store/store.ts';
import type { JournalTable } from '../store/tables.ts';

export interface JournalRow {
  readonly at: number;
  readonly event: OperationEvent;
}

const stateOf = hotQuery((database) => database.selectFrom('operations').select('state').where('id', '=', ''));

const insertRow = hotQuery((database) =>
  database.insertInto('journal').values({ operation: '', at: 0, kind: '', data: '', checksum: '' }),
);

/** Adds one event to an operation's journal and moves its row by THE transition table; an illegal event stops the transaction. */
export async function appendEvent(transaction: Transacted, operation: string, at: number, event: OperationEvent): Promise<void> {
  const [row] = event.kind === 'created' ? [] : await stateOf(transaction, [operation]);
  const state = stateAfter(operation, (row?.state ?? null) as OperationState | null, [event]);
  await insertEvents(transaction, operation, at, [event]);
  const changes = {
    state,
    ...(event.kind === 'claimed' ? { owner: event.owner, fence: event.fence, ended_at: null } : {}),
    ...(state === 'running' ? {} : { owner: null }),
    ...(hasEnded(state) ? { ended_at: at } : {}),
  };
  await transaction.updateTable('operations').set(changes).where('id', '=', operation).execute();
}

/** The rows alone. Whoever calls this has seen to it that the events are legal and that the operation's row says where they lead. */
export async function insertEvents(
  transaction: Transacted,
  operation: string,
  at: number,
  events: readonly OperationEvent[],
): Promise<void> {
  for (const event of events) {
    const data = JSON.stringify(event);
    await insertRow(transaction, [operation, at, event.kind, data, checksumOf([operation, at, event.kind, data])]);
  }
}

/** Where THE transition table leads, event by event; an illegal one fails. */
export function stateAfter(operation: string, before: OperationState | null, events: readonly OperationEvent[]): OperationState {
  let state = before;
  for (const event of events) state = nextState(state, event) ?? fail(illegal(operation, state, event));
  return state ?? fail(illegal(operation, null, { kind: 'abandoned', actor: '', reason: '' }));
}

/** The journal of one operation, oldest first. */
export async function readJournal(database: Readable, operation: string): Promise<readonly JournalRow[]> {
  const rows = await database.selectFrom('journal').selectAll().where('operation', '=', operation).orderBy('sequence').execute();
  return rows.map(readRow);
}

/** A row that differs from its checksum is named, never skipped. */
export function readRow({ sequence, operation, at, kind, data, checksum }: Selectable<JournalTable>): JournalRow {
  assertChecksum(`journal row ${sequence} of operation ${operation}`, [operation, at, kind, data], checksum);
  return { at, event: JSON.parse(data) as OperationEvent };
}

function illegal(operation: string, state: OperationState | null, event: OperationEvent) {
  return {
    code: 'bug' as const,
    what: `operation ${operation} cannot take the event ${event.kind}`,
    why: `its state is ${state ?? 'not begun'}`,
    touched: 'unknown' as const,
    next: `sofare history -o json, and report what it says of ${operation}`,
  };
}
