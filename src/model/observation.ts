import type { RecordObservation } from './service-record.ts';
import type { Weights } from './weights.ts';
import type { Writer } from './writer.ts';

export type { Weights } from './weights.ts';

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
  /** What keeps the weights from being all there is to say, in sentences: rules that differ, endpoints that do not follow yet. */
  readonly besides?: readonly string[];
  /** Who else writes what holds the weights. */
  readonly writers?: readonly Writer[];
}

/** Those that may put the weights back by themselves. */
export function activeWriters(traffic: TrafficObservation | null): readonly Writer[] {
  return (traffic?.writers ?? []).filter(({ active }) => active);
}

/** The version that carries all traffic, or null while it is split, unrouted, or somebody else's. */
export function versionAtFull(weights: Weights): string | null {
  for (const [name, share] of Object.entries(weights)) if (share === 100 && isVersionName(name)) return name;
  return null;
}

/** Whether a name in the weights is a version's, and not that of a destination where none runs. */
export function isVersionName(name: string): boolean {
  return /^\d+\.\d+\.\d+/.test(name);
}

export function shareOf(weights: Weights, version: string): number {
  return weights[version] ?? 0;
}
