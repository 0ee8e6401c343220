import type { DatabaseSync, SQLInputValue, StatementSync } from 'node:sqlite';
import {
  type CompiledQuery,
  type DatabaseConnection,
  type Dialect,
  type Driver,
  type QueryResult,
  SqliteAdapter,
  SqliteIntrospector,
  SqliteQueryCompiler,
} from 'kysely';

export interface Connections {
  /** The one that writes. */
  readonly writer: DatabaseSync;
  /** One more that only reads, opened when first needed; null where there can be none, as for a database in memory. */
  readonly reader: (() => DatabaseSync) | null;
  /** Does a call on a connection, and says in our words why it failed. */
  readonly told: <Result>(work: () => Result) => Result;
}

/**
 * Kysely on `node:sqlite`. A transaction begins `immediate`: a plain `begin` would take the write lock late and then fail half-way.
 * What is read meanwhile is read by a connection of its own, so that it neither waits for the commit nor sees what may be undone.
 */
export function sqliteDialect(connections: Connections): Dialect {
  return {
    createDriver: () => new SqliteDriver(connections),
    createQueryCompiler: () => new SqliteQueryCompiler(),
    createAdapter: () => new (connections.reader ? ManyReaders : SqliteAdapter)(),
    createIntrospector: (database) => new SqliteIntrospector(database),
  };
}

/** Without this, Kysely lets nobody read while somebody writes. */
class ManyReaders extends SqliteAdapter {
  override get supportsMultipleConnections(): boolean {
    return true;
  }
}

class SqliteDriver implements Driver {
  readonly #connections: Connections;
  readonly #statements = new WeakMap<DatabaseSync, Map<string, Prepared>>();
  #reader: DatabaseSync | null = null;

  constructor(connections: Connections) {
    this.#connections = connections;
  }

  async init(): Promise<void> {}

  async acquireConnection(): Promise<Connection> {
    return new Connection((query, writes) => this.#run(query, writes));
  }

  async beginTransaction(connection: DatabaseConnection): Promise<void> {
    this.#connections.told(() => this.#connections.writer.exec('begin immediate'));
    (connection as Connection).writes = true;
  }

  async commitTransaction(): Promise<void> {
    this.#connections.told(() => this.#connections.writer.exec('commit'));
  }

  async rollbackTransaction(): Promise<void> {
    const { writer, told } = this.#connections;
    // A database that failed may have rolled back by itself.
    if (writer.isTransaction) told(() => writer.exec('rollback'));
  }

  async releaseConnection(): Promise<void> {}

  async destroy(): Promise<void> {
    this.#reader?.close();
    this.#connections.writer.close();
  }

  #run(query: CompiledQuery, writes: boolean): QueryResult<never> {
    const { writer, told } = this.#connections;
    return told(() => {
      // The database may have ended the transaction when a statement failed: nothing after that may be durable by itself.
      if (writes && !writer.isTransaction) throw new Error('the transaction is over');
      const { statement, reads } = this.#prepare(writer.isTransaction && !writes ? this.#readOnly() : writer, query.sql);
      const parameters = query.parameters as SQLInputValue[];
      if (reads) return { rows: statement.all(...parameters) as never[] };
      const { changes, lastInsertRowid } = statement.run(...parameters);
      return { rows: [], numAffectedRows: BigInt(changes), insertId: BigInt(lastInsertRowid) };
    });
  }

  #readOnly(): DatabaseSync {
    this.#reader ??= this.#connections.reader?.() ?? this.#connections.writer;
    return this.#reader;
  }

  #prepare(connection: DatabaseSync, text: string): Prepared {
    let prepared = this.#statements.get(connection);
    if (!prepared) {
      prepared = new Map();
      this.#statements.set(connection, prepared);
    }
    let found = prepared.get(text);
    if (!found) {
      const statement = connection.prepare(text);
      found = { statement, reads: statement.columns().length > 0 };
      prepared.set(text, found);
    }
    return found;
  }
}

interface Prepared {
  readonly statement: StatementSync;
  readonly reads: boolean;
}

/** What one query or one transaction holds. */
class Connection implements DatabaseConnection {
  /** Inside a transaction, so on the connection that writes. */
  writes = false;
  readonly #run: (query: CompiledQuery, writes: boolean) => QueryResult<never>;

  constructor(run: (query: CompiledQuery, writes: boolean) => QueryResult<never>) {
    this.#run = run;
  }

  async executeQuery<Row>(query: CompiledQuery): Promise<QueryResult<Row>> {
    return this.#run(query, this.writes);
  }

  // biome-ignore lint/correctness/useYield: the interface asks for a stream, and nothing here reads one
  async *streamQuery(): AsyncIterableIterator<never> {
    throw new Error('rows are read whole');
  }
}
