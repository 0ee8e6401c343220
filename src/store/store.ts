import type { Kysely, Transaction } from 'kysely';
import type { Tables } from './tables.ts';

export type Transacted = Transaction<Tables>;
export type Readable = Kysely<Tables>;

export type Work<Result> = (transaction: Transacted, at: number) => Promise<Result>;

/** The SQL state of a registry, opened. */
export interface Store {
  /** Reads outside a transaction; each statement sees one consistent state. */
  readonly read: Readable;
  /**
   * One unit of work: all of it is durable when this returns, or none of it ever was. It may be run more than once, so it changes
   * nothing but rows. `at` is the database's time, read once the unit is alone: every timestamp in a row is this.
   * `name` is the failpoint's: `NAME.before-commit` and `NAME.after-commit` are hit around it.
   * With a `service` it is alone with the rows of that service and changes no others; without, with the whole registry.
   */
  transaction<Result>(name: string, work: Work<Result>, service?: string): Promise<Result>;
  /** The database's time, outside a unit of work. */
  now(): Promise<number>;
  /** Copies the database, consistently, to a file. */
  backup(file: string): Promise<void>;
  close(): Promise<void>;
}
