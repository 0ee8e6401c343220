import type { BurstCounts } from '../../model/burst-counts.ts';

/** Fewer intervals tell no dispersion. */
const fewest = 20;
/** Upper end of a one-sided 90 % interval. */
const z90 = 1.2816;

/**
 * How many at once: the variance of counts over their mean, 1 for counts of independent events. The variance is half the mean square of
 * the steps between neighbouring intervals (von Neumann 1941), so that a slow rise or fall of the rate does not pass for bursts; of
 * the estimate its upper 90 % bound is taken, since too little would be too bold. Null: too few counts.
 */
export function dispersionOf(counts: readonly number[]): number | null {
  const errors = counts.reduce((sum, count) => sum + count, 0);
  const squares = counts.slice(1).reduce((sum, count, index) => sum + (count - (counts[index] ?? 0)) ** 2, 0);
  return dispersionFrom({ minutes: counts.length, errors, squares });
}

/** The same from the sums that are kept of such counts. */
export function dispersionFrom({ minutes, errors, squares }: BurstCounts): number | null {
  if (minutes < fewest || errors === 0) return null;
  const steps = minutes - 1;
  // The estimator's relative error for normal counts is sqrt(3 / n).
  const bound = 1 / Math.max(0.1, 1 - z90 * Math.sqrt(3 / steps));
  const dispersion = squares / (2 * steps) / (errors / minutes);
  return dispersion <= 1 ? 1 : Math.max(1, dispersion * bound);
}
