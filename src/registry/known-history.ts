import type { HistoryEvent } from '../model/history.ts';
import { committedMemory } from '../store/committed-memory.ts';
import type { Readable } from '../store/store.ts';

/** As much as a record is made of. */
export const remembered = 300;
/** Services whose history is read on from where it was read before. */
const mostServices = 200;

/** Reads the events of a service that are newer than a sequence, newest first, at most so many. */
type ReadNewer = (database: Readable, service: string, sequence: number, limit: number) => Promise<readonly HistoryEvent[]>;

const known = committedMemory<readonly HistoryEvent[]>(mostServices);

/** The newest events of a service, newest first, at most `remembered`; of one that was read before only what is new is read. */
export async function newestEvents(database: Readable, service: string, read: ReadNewer): Promise<readonly HistoryEvent[]> {
  const memory = known(database);
  const before = memory?.get(service) ?? [];
  const news = await read(database, service, before[0]?.sequence ?? 0, remembered);
  const events = [...news, ...before].slice(0, remembered);
  memory?.set(service, events);
  return events;
}
