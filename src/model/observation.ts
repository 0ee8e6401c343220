/** Share of traffic in percent, 0 to 100, by version. Versions that are absent have none. Sums to 100, or to 0 where nothing is routed. */
export type Weights = Readonly<Record<string, number>>;

/** What the world says now, read from the world and never from our records. */
export interface Observation {
  readonly service: string;
  readonly at: number;
  readonly target: TargetObservation | null;
  readonly traffic: TrafficObservation | null;
  readonly record: RecordObservation | null;
  /** The registry's pointer, or null when nothing was ever in production. */
  readonly pointer: string | null;
  /** The service's fence in the database. */
  readonly fence: number;
}

export interface TargetObservation {
  readonly fence: number;
  readonly versions: Readonly<Record<string, VersionObservation>>;
}

export interface VersionObservation {
  readonly version: string;
  readonly bundleDigest: string;
  /** Copies that are wanted at the target. */
  readonly wanted: number;
  readonly copies: readonly CopyObservation[];
  /** Set when the target gave the version up: crash loop, never ready. The sentence says why. */
  readonly failed: string | null;
}

export interface CopyObservation {
  readonly id: string;
  readonly ready: boolean;
  /** Where the copy answers by itself, beside the traffic path: `http://127.0.0.1:PORT`. Null while it has none. */
  readonly address: string | null;
  /** The version as the model itself answered, once, after it became ready. Null while not asked or not answered. */
  readonly identity: string | null;
  readonly restarts: number;
}

export interface TrafficObservation {
  readonly fence: number;
  readonly weights: Weights;
  /** Where clients send requests, or null while nothing listens. */
  readonly address: string | null;
}

export interface RecordObservation {
  /** Changes with every swap; the precondition of the next. 0 when there is no record yet. */
  readonly revision: number;
  readonly value: ServiceRecord | null;
}

/** What lies beside the target, so that another controller, or break-glass, can see who is at work and where to go back to. */
export interface ServiceRecord {
  readonly fence: number;
  readonly hold: { readonly since: number; readonly reason: string; readonly actor: string } | null;
  readonly operation: RecordedOperation | null;
  /** The last production entries, newest first, each with what is needed to serve it again. */
  readonly entries: readonly RecordedEntry[];
  /** When the next task of the service is due, for the supervisor; absent when there is none. */
  readonly nextTaskAt?: number;
}

export interface RecordedOperation {
  readonly id: string;
  readonly kind: string;
  readonly from: string | null;
  readonly to: string;
  readonly owner: string;
  readonly plan: unknown;
  readonly stepsDone: number;
}

export interface RecordedEntry {
  readonly version: string;
  readonly bundleDigest: string;
  readonly knownGood: boolean;
  readonly since: number;
  readonly until: number | null;
}

/** The version that carries all traffic, or null while it is split or unrouted. */
export function versionAtFull(weights: Weights): string | null {
  for (const [version, share] of Object.entries(weights)) if (share === 100) return version;
  return null;
}

export function shareOf(weights: Weights, version: string): number {
  return weights[version] ?? 0;
}
