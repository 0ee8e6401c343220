import type { Compilable, CompiledQuery } from 'kysely';
import type { Readable } from './store.ts';

/**
 * A query that is asked so often that building it anew each time would be most of its cost: compiled once for a store, then only
 * given its parameters, in the order in which they stand in it.
 */
export function hotQuery<Row>(build: (database: Readable) => Compilable<Row>): HotQuery<Row> {
  const compiled = new WeakMap<object, CompiledQuery<Row>>();
  return async (database, parameters) => {
    // Shared by a store and all its transactions.
    const { adapter } = database.getExecutor();
    let query = compiled.get(adapter);
    if (query === undefined) {
      query = build(database).compile();
      compiled.set(adapter, query);
    }
    return (await database.executeQuery<Row>({ ...query, parameters })).rows;
  };
}

export type HotQuery<Row> = (database: Readable, parameters: readonly unknown[]) => Promise<readonly Row[]>;
