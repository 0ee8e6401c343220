import type { CountersReading } from '../model/hosting.ts';
import type { TrafficObservation, Weights } from '../model/observation.ts';

export interface TrafficCapabilities {
  readonly fence: boolean;
  /** Nobody but sofare writes the weights: whatever stands there under a fence of ours is ours. */
  readonly alone: boolean;
  /** Any split, not only all or nothing. */
  readonly weights: boolean;
  /** Requests are counted by version, so that a guard can judge. */
  readonly counts: boolean;
}

/** How requests reach versions. */
export interface Traffic {
  readonly can: TrafficCapabilities;
  read(signal: AbortSignal): Promise<TrafficObservation>;
  /** After this returns no new request reaches a version without a share. Refused for a version that is not ready as seen by the traffic path. */
  write(weights: Weights, key: string, fence: number, signal: AbortSignal): Promise<void>;
}

/** Counts of requests by version, all versions at the same instant. */
export interface TrafficSignal {
  query(signal: AbortSignal): Promise<CountersReading>;
  online(signal: AbortSignal): Promise<boolean>;
}
