import type { Operation } from '../model/operation.ts';
import type { Readable } from '../store/store.ts';

/** An operation, and how far its journal was read: what is read next begins there. */
export interface Followed {
  readonly operation: Operation;
  readonly sequence: number;
}

/** As many as a process may have under way at once, so that a look at one costs what is new of it. */
const remembered = 2_000;
const known = new WeakMap<object, Map<string, Followed>>();

/** What was read of an operation outside units of work: what was committed once never changes. Null: nothing, or inside a unit. */
export function recall(database: Readable, id: string): Followed | null {
  return database.isTransaction ? null : (known.get(adapterOf(database))?.get(id) ?? null);
}

/** Remembers it, and forgets the one that was asked about longest ago. What a unit of work reads may be undone, and is not kept. */
export function remember(database: Readable, id: string, followed: Followed): void {
  if (database.isTransaction) return;
  const operations = known.get(adapterOf(database)) ?? new Map<string, Followed>();
  known.set(adapterOf(database), operations);
  operations.delete(id);
  operations.set(id, followed);
  const [oldest] = operations.keys();
  if (oldest !== undefined && operations.size > remembered) operations.delete(oldest);
}

/** Shared by a store and all its transactions. */
function adapterOf(database: Readable): object {
  return database.getExecutor().adapter;
}
