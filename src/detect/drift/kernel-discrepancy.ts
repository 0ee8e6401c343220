type Point = readonly number[];

/**
 * The unbiased MMD^2 of two samples of points with the kernel exp(-|x - y|^2 / (2 variance)): Gretton and others, JMLR 2012, equation 3. About
 * zero, and as often below it, where both come from one distribution.
 */
export function kernelDiscrepancy(x: readonly Point[], y: readonly Point[], variance: number): number {
  const kernel = (one: Point, other: Point): number => Math.exp(-squaredGap(one, other) / (2 * variance));
  const within = (points: readonly Point[]): number => {
    let sum = 0;
    for (const [i, one] of points.entries()) for (const other of points.slice(i + 1)) sum += 2 * kernel(one, other);
    return sum / (points.length * (points.length - 1));
  };
  let between = 0;
  for (const one of x) for (const other of y) between += kernel(one, other);
  return within(x) + within(y) - (2 * between) / (x.length * y.length);
}

/** The usual choice of the variance: half the median of all squared gaps between different points. */
export function medianVariance(points: readonly Point[]): number {
  const gaps: number[] = [];
  for (const [i, one] of points.entries()) for (const other of points.slice(i + 1)) gaps.push(squaredGap(one, other));
  const ordered = gaps.sort((one, other) => one - other);
  return (ordered[Math.floor(ordered.length / 2)] ?? 1) / 2;
}

function squaredGap(one: Point, other: Point): number {
  return one.reduce((sum, value, index) => sum + (value - (other[index] ?? 0)) ** 2, 0);
}
