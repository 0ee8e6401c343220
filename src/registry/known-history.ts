import type { HistoryEvent } from '../model/history.ts';
import type { Readable } from '../store/store.ts';

/** As much as a record is made of. */
export const remembered = 300;
const known = new WeakMap<object, Map<string, readonly HistoryEvent[]>>();

/** Reads the events of a service that are newer than a sequence, newest first, at most so many. */
type ReadNewer = (database: Readable, service: string, sequence: number, limit: number) => Promise<readonly HistoryEvent[]>;

/**
 * The newest events of a service, newest first, at most `remembered`. What was committed once never changes, so that only what is new
 * is read again; what a unit of work reads may be undone, and is not kept.
 */
export async function newestEvents(database: Readable, service: string, read: ReadNewer): Promise<readonly HistoryEvent[]> {
  if (database.isTransaction) return read(database, service, 0, remembered);
  const { adapter } = database.getExecutor();
  const services = known.get(adapter) ?? new Map<string, readonly HistoryEvent[]>();
  known.set(adapter, services);
  const before = services.get(service) ?? [];
  const news = await read(database, service, before[0]?.sequence ?? 0, remembered);
  if (news.length === 0) return before;
  const events = [...news, ...before].slice(0, remembered);
  services.set(service, events);
  return events;
}
