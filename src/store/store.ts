import type { Kysely, Transaction } from 'kysely';
import type { Tables } from './tables.ts';

export type Transacted = Transaction<Tables>;
export type Readable = Kysely<Tables>;

/** The SQL state of a registry, opened. */
export interface Store {
  /** Reads outside a transaction; each statement sees one consistent state. */
  readonly read: Readable;
  /**
   * One unit of work: all of it is durable when this returns, or none of it ever was.
   * `name` is the failpoint's: `NAME.before-commit` and `NAME.after-commit` are hit around it.
   */
  transaction<Result>(name: string, work: (transaction: Transacted) => Promise<Result>): Promise<Result>;
  /** The database's time; every timestamp in a row is this. */
  now(): number;
  /** Copies the database, consistently, to a file. */
  backup(file: string): Promise<void>;
  close(): Promise<void>;
}
