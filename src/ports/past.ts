import type { ModelVersion } from '../model/version.ts';
import type { Writer } from '../model/writer.ts';

/** What ran before sofare did, as far as the target still tells. */
export interface Past {
  /** Fails while the workload is between two revisions. */
  read(workload: string, signal: AbortSignal): Promise<PastWorkload>;
  /**
   * From now on the target knows the workload as the version of the revision that serves, and the versions of earlier ones as they ran,
   * so that they come back like that. Nothing that runs is touched. The same once more: no change.
   */
  keep(workload: string, versions: readonly KeptRevision[], signal: AbortSignal): Promise<void>;
}

export interface PastWorkload {
  /** Oldest first; the last one serves. */
  readonly revisions: readonly PastRevision[];
  /** Who else writes what it is made of. */
  readonly writers: readonly Writer[];
}

export interface PastRevision {
  /** As the target counts them. */
  readonly revision: number;
  /** From when it ran, in ms since the epoch. */
  readonly since: number;
  readonly serves: boolean;
  /** By digest; null: nothing tells any more which image that was. */
  readonly image: string | null;
  /** Why it could not come back as it was, as a sentence; null: it could. */
  readonly lacks: string | null;
  /** Of everything else that its copies were made of. */
  readonly digest: string;
  /** A version in its labels or its tag, as it is written there. */
  readonly called: string | null;
  /** What was given as the reason of the change. */
  readonly cause: string | null;
}

export interface KeptRevision {
  readonly revision: number;
  readonly version: ModelVersion;
}
