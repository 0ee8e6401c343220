import type { Readable } from './store.ts';

/** What was read of a database outside units of work, by key; the one that was asked about longest ago is forgotten first. */
export interface Memory<Value> {
  get(key: string): Value | undefined;
  set(key: string, value: Value): void;
}

/**
 * Remembers at most so many values of each database, for reading on from there: what was committed once never changes. Inside a unit of
 * work there is no memory (null), since what it reads may be undone.
 */
export function committedMemory<Value>(most: number): (database: Readable) => Memory<Value> | null {
  const memories = new WeakMap<object, Memory<Value>>();
  return (database) => {
    if (database.isTransaction) return null;
    // Shared by everybody who reads this database in this process.
    const { adapter } = database.getExecutor();
    const memory = memories.get(adapter) ?? newestOf<Value>(most);
    memories.set(adapter, memory);
    return memory;
  };
}

function newestOf<Value>(most: number): Memory<Value> {
  const values = new Map<string, Value>();
  return {
    get: (key) => values.get(key),
    set: (key, value) => {
      values.delete(key);
      values.set(key, value);
      const [oldest] = values.keys();
      if (oldest !== undefined && values.size > most) values.delete(oldest);
    },
  };
}
