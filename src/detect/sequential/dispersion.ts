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
  const total = counts.reduce((sum, count) => sum + count, 0);
  if (counts.length < fewest || total === 0) return null;
  const steps = counts.slice(1).map((count, index) => (count - (counts[index] ?? 0)) ** 2);
  const variance = steps.reduce((sum, step) => sum + step, 0) / (2 * steps.length);
  // The estimator's relative error for normal counts is sqrt(3 / n).
  const bound = 1 / Math.max(0.1, 1 - z90 * Math.sqrt(3 / steps.length));
  const dispersion = variance / (total / counts.length);
  return dispersion <= 1 ? 1 : Math.max(1, dispersion * bound);
}
