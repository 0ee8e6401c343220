import type { MetricProvider, MetricReading } from '../model/analysis.ts';

/** What is asked outside of the traffic path. */
export type OutsideProvider = Exclude<MetricProvider, { readonly kind: 'proxy' | 'sequential' }>;

export interface MomentRange {
  readonly from: number;
  readonly to: number;
}

/** Measures one metric, once. A source that cannot be asked is a reading that says so, never an exception; no secret is in it. */
export interface MetricSource {
  /** Variables of the environment that the provider names and that are not set. */
  missing(provider: OutsideProvider): Promise<readonly string[]>;
  /** `range`: of a range query, its moments in ms since the epoch. */
  measure(provider: OutsideProvider, range: MomentRange | null, signal: AbortSignal): Promise<MetricReading>;
}
