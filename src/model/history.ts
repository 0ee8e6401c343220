/** How an entry of the production history became known: seen by us, taken over by `adopt`, or sworn to by a person with `attest`. */
export type HistorySource = 'witnessed' | 'imported' | 'attested';

/**
 * One row of the append-only production history of a service.
 * share: the version has this share from now on (0 ends it). pointed: the registry's pointer moved to the version.
 * verified, baked, regressed: said of the version while it served. quarantined, unquarantined, held, unheld: marks of the service.
 */
export interface HistoryEvent {
  readonly sequence: number;
  readonly service: string;
  readonly at: number;
  readonly kind: 'share' | 'pointed' | 'verified' | 'baked' | 'regressed' | 'quarantined' | 'unquarantined' | 'held' | 'unheld';
  /** Null for held and unheld. */
  readonly version: string | null;
  /** Only of `share`. */
  readonly share: number | null;
  /** Requests that the version had answered at that time, where the traffic is counted. */
  readonly requests: number | null;
  readonly operation: string | null;
  readonly source: HistorySource;
  readonly actor: string;
  readonly reason: string;
  /** Only of `quarantined`: why the version was thought bad, in a sentence. */
  readonly evidence: string | null;
}

export type NewHistoryEvent = Omit<HistoryEvent, 'sequence' | 'service' | 'at' | 'evidence'> & {
  readonly at?: number;
  readonly evidence?: string | null;
};

/** A stretch in which a version had a share, made from events. Newest first wherever there are several. */
export interface Tenure {
  readonly version: string;
  readonly since: number;
  readonly until: number | null;
  /** When it reached 100 %, or held the pointer alone; null if it never did. */
  readonly fullSince: number | null;
  readonly fullUntil: number | null;
  /** Every stretch at 100 % within it, newest first: a canary beside it ends one and its abort begins the next. */
  readonly fullStretches: readonly FullStretch[];
  readonly highestShare: number;
  /** Requests while at 100 %; null where traffic is not counted. */
  readonly requests: number | null;
  readonly verified: boolean;
  readonly baked: boolean;
  readonly regressed: boolean;
  readonly quarantinedSince: boolean;
  readonly source: HistorySource;
  readonly operation: string | null;
}

export interface FullStretch {
  readonly since: number;
  readonly until: number | null;
  /** Requests answered within it so far; null where traffic is not counted. */
  readonly requests: number | null;
}

export interface Quarantine {
  readonly service: string;
  readonly version: string;
  readonly since: number;
  readonly reason: string;
  readonly actor: string;
  readonly operation: string | null;
  /** Why the version was thought bad, in a sentence; null where nobody said. */
  readonly evidence: string | null;
}

export interface Hold {
  readonly since: number;
  readonly reason: string;
  readonly actor: string;
  readonly operation: string | null;
}
