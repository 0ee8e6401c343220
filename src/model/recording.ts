import type { GuardPolicy, Interval, LatencyThresholds } from './evidence.ts';

/** A canary that was watched, interval by interval, so that it can be decided again. */
export interface Recording {
  readonly version: string;
  readonly stable: string;
  /** By which it was judged then; null: by nobody, or it is not known. */
  readonly policy: GuardPolicy | null;
  readonly thresholds: LatencyThresholds;
  /** Oldest first. */
  readonly intervals: readonly Interval[];
}

export const noThresholds: LatencyThresholds = { 'latency-p50': null, 'latency-p90': null, 'latency-p99': null };
