import type { Kysely, Transaction } from 'kysely';
import type { Tables } from './tables.ts';

export type Transacted = Transaction<Tables>;
export type Readable = Kysely<Tables>;

export type Work<Result> = (transaction: Transacted, at: number) => Promise<Result>;

/** Whose units have their turn first. What takes production back waits for nobody else; an emergency not even for another rollback. */
export const urgencies = ['emergency', 'back', 'usual'] as const;
export type Urgency = (typeof urgencies)[number];

/** The SQL state of a registry, opened. */
export interface Store {
  /** Reads outside a transaction; each statement sees one consistent state. */
  readonly read: Readable;
  /** The same reads, in the line of the urgent: where connections are few, theirs is the next that is free. */
  readFor(urgency: Urgency): Readable;
  /**
   * One unit of work: all of it is durable when this returns, or none of it ever was. It may be run more than once, so it changes
   * nothing but rows. `at` is the database's time, read once the unit is alone: every timestamp in a row is this.
   * `name` is the failpoint's: `NAME.before-commit` and `NAME.after-commit` are hit around it.
   * With a `service` it is alone with the rows of that service and changes no others; without, with the whole registry.
   * Units that are asked for at the same time may share one commit; each is undone alone when it throws.
   */
  transaction<Result>(name: string, work: Work<Result>, service?: string, urgency?: Urgency): Promise<Result>;
  /**
   * How long an owner that cannot be looked at is believed to live after it last renewed its lease, in milliseconds. Null where all
   * owners are processes of this machine, which are looked at instead.
   */
  readonly lease: number | null;
  /** The database's time, outside a unit of work. */
  now(): Promise<number>;
  /** Resolves when an operation may have been changed by anybody, or after `atMost` milliseconds. A hint: read to know. */
  changes(atMost: number, signal: AbortSignal): Promise<void>;
  /** Copies the database, consistently, to a file. Null where the rows are kept by a server, whose own backups are the ones to trust. */
  readonly backup: ((file: string) => Promise<void>) | null;
  close(): Promise<void>;
}
