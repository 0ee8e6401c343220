import type { LatencyThresholds } from '../../model/evidence.ts';

const quantiles = { 'latency-p50': 0.5, 'latency-p90': 0.9, 'latency-p99': 0.99 } as const;

/** Fewer answers than this fix no threshold: their quantiles would be chance. */
const fewest = 100;

/**
 * From where on an answer is slow, as an index of the bucket's upper edge: the smallest edge at or above max(2t, t + 10 ms) for the
 * baseline's quantile t. The margin is for a canary that is used less and so a little colder: with bare quantiles, four of four healthy
 * canaries of a fast model were rolled back. Fixed before the canary has traffic, never from data that is then tested.
 */
export function latencyThresholds(baseline: readonly number[], edges: readonly number[]): LatencyThresholds {
  const threshold = (quantile: number): number | null => {
    const answers = baseline.reduce((sum, count) => sum + count, 0);
    if (answers < fewest) return null;
    let seen = 0;
    const bucket = baseline.findIndex((count) => {
      seen += count;
      return seen >= quantile * answers;
    });
    const edge = edges[bucket];
    if (edge === undefined) return null;
    const slow = edges.findIndex((candidate) => candidate >= Math.max(2 * edge, edge + 10));
    return slow < 0 ? null : slow;
  };
  return {
    'latency-p50': threshold(quantiles['latency-p50']),
    'latency-p90': threshold(quantiles['latency-p90']),
    'latency-p99': threshold(quantiles['latency-p99']),
  };
}

/** How many answers were slower than the edge at `threshold`. */
export function slowerThan(latency: readonly number[], threshold: number): number {
  return latency.slice(threshold + 1).reduce((sum, count) => sum + count, 0);
}
