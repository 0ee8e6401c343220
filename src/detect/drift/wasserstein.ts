import { sorted } from './kolmogorov-smirnov.ts';

/** W1: the area between two empirical distribution functions, in the unit of the values. */
export function wasserstein(a: ArrayLike<number>, b: ArrayLike<number>): number {
  const [left, right] = [sorted(a), sorted(b)];
  let [i, j, area] = [0, 0, 0];
  let at = Math.min(left[0] ?? 0, right[0] ?? 0);
  while (i < left.length || j < right.length) {
    const next = Math.min(left[i] ?? Infinity, right[j] ?? Infinity);
    if (next > at) area += Math.abs(i / left.length - j / right.length) * (next - at);
    at = next;
    while (i < left.length && (left[i] as number) <= at) i += 1;
    while (j < right.length && (right[j] as number) <= at) j += 1;
  }
  return area;
}

/** Smallest standard deviation that is divided by: a constant reference would make any change endless. */
const smallest = 1e-3;

/** W1 in standard deviations of the reference (of the population, as Evidently has it). */
export function normedWasserstein(reference: ArrayLike<number>, current: ArrayLike<number>): number {
  const values = Float64Array.from(reference);
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length;
  return wasserstein(reference, current) / Math.max(Math.sqrt(variance), smallest);
}
