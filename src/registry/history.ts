import type { HistoryEvent, HistorySource, NewHistoryEvent } from '../model/history.ts';
import { assertChecksum, checksumOf } from '../store/checksum.ts';
import { hotQuery } from '../store/hot-query.ts';
import type { Readable, Transacted } from '../store/store.ts';
import type { HistoryTable } from '../store/tables.ts';

type Fields = Omit<HistoryTable, 'sequence' | 'checksum'>;

/** Adds one event to the end of a service's history; `event.at` tells of an earlier time than `at`. Returns its sequence. */
export async function appendHistory(
  transaction: Transacted,
  service: string,
  at: number,
  event: NewHistoryEvent,
): Promise<number> {
  const fields: Fields = {
    service,
    at: event.at ?? at,
    kind: event.kind,
    version: event.version,
    share: event.share,
    requests: event.requests,
    operation: event.operation,
    source: event.source,
    actor: event.actor,
    reason: event.reason,
    evidence: event.evidence ?? null,
  };
  const [row] = await insertEvent(transaction, [...summed(fields), checksumOf(summed(fields))]);
  return (row as { sequence: number }).sequence;
}

/** The columns in the order in which they are summed. */
const insertEvent = hotQuery((database) =>
  database
    .insertInto('history')
    .values({
      service: '',
      at: 0,
      kind: '',
      version: '',
      share: 0,
      requests: 0,
      operation: '',
      source: '',
      actor: '',
      reason: '',
      evidence: '',
      checksum: '',
    })
    .returning('sequence'),
);

export interface HistoryRange {
  readonly limit?: number;
  /** Only events with a lower sequence: the next page. */
  readonly before?: number;
  readonly kinds?: readonly HistoryEvent['kind'][];
}

/** Newest first. A row that differs from its checksum is named and nothing is returned. */
export async function readHistory(
  database: Readable,
  service: string,
  range: HistoryRange = {},
): Promise<readonly HistoryEvent[]> {
  let query = database.selectFrom('history').selectAll().where('service', '=', service).orderBy('sequence', 'desc');
  if (range.before !== undefined) query = query.where('sequence', '<', range.before);
  if (range.kinds !== undefined) query = query.where('kind', 'in', range.kinds);
  if (range.limit !== undefined) query = query.limit(range.limit);
  return (await query.execute()).map((row) => {
    assertChecksum(`history row ${row.sequence} of service ${row.service}`, summed(row), row.checksum);
    const { sequence, at, version, share, requests, operation, actor, reason, evidence } = row;
    const kind = row.kind as HistoryEvent['kind'];
    const source = row.source as HistorySource;
    return { sequence, service: row.service, at, kind, version, share, requests, operation, source, actor, reason, evidence };
  });
}

/** The sequence is left out: the database gives it after the sum is made. */
function summed(row: Fields): readonly (string | number | null)[] {
  const { service, at, kind, version, share, requests, operation, source, actor, reason, evidence } = row;
  return [service, at, kind, version, share, requests, operation, source, actor, reason, evidence];
}
