import {
  CompiledQuery,
  type DatabaseConnection,
  type Dialect,
  type Driver,
  PostgresAdapter,
  PostgresIntrospector,
  PostgresQueryCompiler,
  type QueryResult,
} from 'kysely';
import type { Pool, PoolClient } from 'pg';
import { isLost } from './postgres-problems.ts';

/** Runs work again while it fails by what may pass, for a while; then says why in our words. */
export type Patiently = <Result>(work: () => Promise<Result>, passes: (error: unknown) => boolean) => Promise<Result>;

/** Kysely on a pool. A read whose connection goes is asked again on another; inside a transaction nothing is. */
export function pooledDialect(pool: Pool, patiently: Patiently): Dialect {
  return {
    createAdapter: () => new PostgresAdapter(),
    createDriver: () => new PooledDriver(pool, patiently),
    createIntrospector: (database) => new PostgresIntrospector(database),
    createQueryCompiler: () => new PostgresQueryCompiler(),
  };
}

class PooledDriver implements Driver {
  readonly #pool: Pool;
  readonly #patiently: Patiently;

  constructor(pool: Pool, patiently: Patiently) {
    this.#pool = pool;
    this.#patiently = patiently;
  }

  async init(): Promise<void> {}

  async acquireConnection(): Promise<PooledConnection> {
    return new PooledConnection(this.#pool, this.#patiently);
  }

  async beginTransaction(connection: PooledConnection): Promise<void> {
    await connection.begin();
  }

  async commitTransaction(connection: PooledConnection): Promise<void> {
    await connection.end('commit');
  }

  /** What cannot be rolled back any more, since the connection is gone, is rolled back by that. */
  async rollbackTransaction(connection: PooledConnection): Promise<void> {
    await connection.end('rollback').catch(() => connection.discard());
  }

  async releaseConnection(connection: PooledConnection): Promise<void> {
    connection.release();
  }

  async destroy(): Promise<void> {
    await this.#pool.end();
  }
}

class PooledConnection implements DatabaseConnection {
  readonly #pool: Pool;
  readonly #patiently: Patiently;
  #client: PoolClient | null = null;
  #within = false;

  constructor(pool: Pool, patiently: Patiently) {
    this.#pool = pool;
    this.#patiently = patiently;
  }

  async begin(): Promise<void> {
    // Every statement sees what was committed before it; who may write is decided by the locks that a unit of work takes first.
    await this.executeQuery(CompiledQuery.raw('begin isolation level read committed'));
    this.#within = true;
  }

  async end(how: 'commit' | 'rollback'): Promise<void> {
    const { command } = await this.#ask<object>(CompiledQuery.raw(how));
    this.#within = false;
    // A transaction in which a statement failed ends as rolled back, whatever was asked for.
    if (how === 'commit' && command !== 'COMMIT') throw new Error('the transaction had failed, so nothing of it was committed');
  }

  async executeQuery<Row>(query: CompiledQuery): Promise<QueryResult<Row>> {
    if (this.#within) return this.#ask<Row>(query);
    return this.#patiently(() => this.#ask<Row>(query), isLost);
  }

  async *streamQuery<Row>(query: CompiledQuery): AsyncIterableIterator<QueryResult<Row>> {
    yield await this.executeQuery<Row>(query);
  }

  async #ask<Row>(query: CompiledQuery): Promise<QueryResult<Row> & { readonly command: string }> {
    this.#client ??= await this.#pool.connect();
    try {
      const { command, rowCount, rows } = await this.#client.query<Row & object>(query.sql, [...query.parameters]);
      return { command, rows, numAffectedRows: BigInt(rowCount ?? 0) };
    } catch (error) {
      if (isLost(error)) this.discard();
      throw error;
    }
  }

  discard(): void {
    this.#client?.release(true);
    this.#client = null;
  }

  release(): void {
    this.#client?.release();
    this.#client = null;
  }
}
