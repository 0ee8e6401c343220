import type { Selectable } from 'kysely';
import type { HistoryEvent, HistorySource, NewHistoryEvent } from '../model/history.ts';
import { assertChecksum, checksumOf } from '../store/checksum.ts';
import { hotQuery } from '../store/hot-query.ts';
import type { Readable, Transacted } from '../store/store.ts';
import type { HistoryTable } from '../store/tables.ts';
import { newestEvents, remembered } from './known-history.ts';

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

/** Of one service, newest first. A row that differs from its checksum is named and nothing is returned. */
export async function readHistory(
  database: Readable,
  service: string,
  { limit = everyRow }: { readonly limit?: number } = {},
): Promise<readonly HistoryEvent[]> {
  const newest = await newestEvents(database, service, readNewer);
  return limit <= remembered || newest.length < remembered ? newest.slice(0, limit) : readNewer(database, service, 0, limit);
}

/** The same of what says of a version that it must not come back, or may again. */
export async function readMarks(database: Readable, service: string, limit = everyRow): Promise<readonly HistoryEvent[]> {
  const newest = await newestEvents(database, service, readNewer);
  const marks =
    newest.length < remembered
      ? newest.filter(({ kind }) => kind === 'quarantined' || kind === 'unquarantined')
      : (await everyMark(database, [service, 0, 'quarantined', 'unquarantined', everyRow])).map(eventOf);
  return marks.slice(0, limit);
}

async function readNewer(database: Readable, service: string, sequence: number, limit: number): Promise<readonly HistoryEvent[]> {
  return (await newer(database, [service, sequence, limit])).map(eventOf);
}

const everyRow = 2 ** 31 - 1;
const rows = (database: Readable) =>
  database
    .selectFrom('history')
    .selectAll()
    .where('service', '=', '')
    .where('sequence', '>', 0)
    .orderBy('sequence', 'desc')
    .limit(everyRow);
const newer = hotQuery(rows);
const everyMark = hotQuery((database) => rows(database).where('kind', 'in', ['', '']));

function eventOf(row: Selectable<HistoryTable>): HistoryEvent {
  assertChecksum(`history row ${row.sequence} of service ${row.service}`, summed(row), row.checksum);
  const { sequence, service, at, version, share, requests, operation, actor, reason, evidence } = row;
  const kind = row.kind as HistoryEvent['kind'];
  const source = row.source as HistorySource;
  return { sequence, service, at, kind, version, share, requests, operation, source, actor, reason, evidence };
}

/** The sequence is left out: the database gives it after the sum is made. */
function summed(row: Fields): readonly (string | number | null)[] {
  const { service, at, kind, version, share, requests, operation, source, actor, reason, evidence } = row;
  return [service, at, kind, version, share, requests, operation, source, actor, reason, evidence];
}
