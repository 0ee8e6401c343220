import type { BreakGlassStamp } from '../model/service-record.ts';
import type { Store } from '../store/store.ts';

/** What an engine knows of rollbacks that were done without the registry. */
export interface Glass {
  /** This engine works without the registry: what it puts on the record. Null in the usual case. */
  readonly stamp: BreakGlassStamp | null;
  /** Why the registry cannot be used, as a sentence; empty in the usual case. */
  readonly because: string;
  /** Opens the journal of such a rollback; null where it is not on this machine, or cannot be read by this user. */
  readonly open: (journal: string) => Promise<LocalJournal | null>;
  /** The journal was taken in: it is put aside, never deleted. */
  readonly putAside: (journal: string) => Promise<void>;
}

/** A database of its own in which a rollback was done. Its first rows came from the record and tell nothing new. */
export interface LocalJournal {
  readonly store: Store;
  readonly seeded: Seeded;
}

/** The last rows that came from the record. */
export interface Seeded {
  readonly journal: number;
  readonly history: number;
}
