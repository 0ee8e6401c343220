import { fail } from '../model/errors.ts';
import { hasEnded, nextState, type OperationEvent, type OperationState } from '../model/operation.ts';
import { assertChecksum, checksumOf } from '../store/checksum.ts';
import type { Readable, Transacted } from '../store/store.ts';

export interface JournalRow {
  readonly at: number;
  readonly event: OperationEvent;
}

/** Adds one event to an operation's journal and moves its row by THE transition table; an illegal event stops the transaction. */
export async function appendEvent(transaction: Transacted, operation: string, at: number, event: OperationEvent): Promise<void> {
  const row = await transaction.selectFrom('operations').select('state').where('id', '=', operation).executeTakeFirst();
  const current = event.kind === 'created' ? null : ((row?.state ?? null) as OperationState | null);
  const state = nextState(current, event);
  if (state === null) fail(illegal(operation, current, event));
  const data = JSON.stringify(event);
  await transaction
    .insertInto('journal')
    .values({ operation, at, kind: event.kind, data, checksum: checksumOf([operation, at, event.kind, data]) })
    .execute();
  const changes = {
    state,
    ...(event.kind === 'claimed' ? { owner: event.owner, fence: event.fence } : {}),
    ...(state === 'running' ? {} : { owner: null }),
    ...(hasEnded(state) ? { ended_at: at } : {}),
  };
  await transaction.updateTable('operations').set(changes).where('id', '=', operation).execute();
}

/** The journal of one operation, oldest first. A row that differs from its checksum is named, never skipped. */
export async function readJournal(database: Readable, operation: string): Promise<readonly JournalRow[]> {
  const rows = await database.selectFrom('journal').selectAll().where('operation', '=', operation).orderBy('sequence').execute();
  return rows.map((row) => {
    assertChecksum(
      `journal row ${row.sequence} of operation ${operation}`,
      [row.operation, row.at, row.kind, row.data],
      row.checksum,
    );
    return { at: row.at, event: JSON.parse(row.data) as OperationEvent };
  });
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
