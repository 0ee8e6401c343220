import {
  CompiledQuery,
  type DatabaseConnection,
  type Dialect,
  type Driver,
  type PostgresAdapter,
  PostgresIntrospector,
  PostgresQueryCompiler,
  type QueryResult,
} from 'kysely';
import type { Pool, PoolClient } from 'pg';
import { isLost } from './postgres-problems.ts';
import type { Slots } from './slots.ts';
import type { Urgency } from './store.ts';

/** Runs work again while it fails by what may pass, for a while; then says why in our words. */
export type Patiently = <Result>(work: () => Promise<Result>, passes: (error: unknown) => boolean) => Promise<Result>;

/** What everybody who asks the server shares: as many slots as the pool has connections, so that the line is ours, not the pool's. */
export interface Connections {
  readonly pool: Pool;
  readonly slots: Slots;
  readonly patiently: Patiently;
  /** One for all of them: what was read or compiled for one is remembered for the others. */
  readonly adapter: PostgresAdapter;
}

/** Kysely on a pool. A read whose connection goes is asked again on another; inside a transaction nothing is. */
export function pooledDialect(connections: Connections, urgency: Urgency): Dialect {
  return {
    createAdapter: () => connections.adapter,
    createDriver: () => new PooledDriver(connections, urgency),
    createIntrospector: (database) => new PostgresIntrospector(database),
    createQueryCompiler: () => new PostgresQueryCompiler(),
  };
}

class PooledDriver implements Driver {
  readonly #connections: Connections;
  readonly #urgency: Urgency;

  constructor(connections: Connections, urgency: Urgency) {
    this.#connections = connections;
    this.#urgency = urgency;
  }

  async init(): Promise<void> {}

  async acquireConnection(): Promise<PooledConnection> {
    return new PooledConnection(this.#connections, this.#urgency);
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

  /** The pool is everybody's: whoever made it ends it. */
  async destroy(): Promise<void> {}
}

class PooledConnection implements DatabaseConnection {
  readonly #connections: Connections;
  readonly #urgency: Urgency;
  #client: PoolClient | null = null;
  #within = false;

  constructor(connections: Connections, urgency: Urgency) {
    this.#connections = connections;
    this.#urgency = urgency;
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
    return this.#connections.patiently(() => this.#ask<Row>(query), isLost);
  }

  async *streamQuery<Row>(query: CompiledQuery): AsyncIterableIterator<QueryResult<Row>> {
    yield await this.executeQuery<Row>(query);
  }

  async #ask<Row>(query: CompiledQuery): Promise<QueryResult<Row> & { readonly command: string }> {
    const client = this.#client ?? (await this.#connect());
    try {
      const { command, rowCount, rows } = await client.query<Row & object>(query.sql, [...query.parameters]);
      return { command, rows, numAffectedRows: BigInt(rowCount ?? 0) };
    } catch (error) {
      if (isLost(error)) this.discard();
      throw error;
    }
  }

  async #connect(): Promise<PoolClient> {
    const { pool, slots } = this.#connections;
    await slots.take(this.#urgency);
    try {
      this.#client = await pool.connect();
      return this.#client;
    } finally {
      if (this.#client === null) slots.give();
    }
  }

  discard(): void {
    this.#leave(true);
  }

  release(): void {
    this.#leave(false);
  }

  #leave(lost: boolean): void {
    if (this.#client === null) return;
    this.#client.release(lost);
    this.#client = null;
    this.#connections.slots.give();
  }
}
