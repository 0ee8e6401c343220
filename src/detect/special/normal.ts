import { lowerGamma, upperGamma } from './incomplete-gamma.ts';

/** P(Z > z) of the standard normal distribution, exact in the far tail: half of Q(1/2, z^2 / 2). */
export function normalUpper(z: number): number {
  if (z < 0) return 1 - normalUpper(-z);
  return 0.5 * upperGamma(0.5, (z * z) / 2);
}

/** The z that leaves `upper` above it, 0 < upper < 1, by bisection. */
export function normalQuantile(upper: number): number {
  if (upper > 0.5) return -normalQuantile(1 - upper);
  let [low, high] = [0, 40];
  for (let step = 0; step < 200 && high - low > Number.EPSILON * high; step += 1) {
    const middle = (low + high) / 2;
    if (normalUpper(middle) > upper) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

/** P(X > x) of the chi-square distribution with so many degrees of freedom. */
export function chiSquareUpper(x: number, degrees: number): number {
  return upperGamma(degrees / 2, x / 2);
}

/** P(N <= n) of a Poisson distribution with this mean, and P(N >= n). */
export function poissonLower(n: number, mean: number): number {
  return n < 0 ? 0 : upperGamma(n + 1, mean);
}

export function poissonUpper(n: number, mean: number): number {
  return n <= 0 ? 1 : lowerGamma(n, mean);
}
