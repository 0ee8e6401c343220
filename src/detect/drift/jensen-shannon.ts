/**
 * Jensen-Shannon divergence of two distributions over the same bins, and the distance that is its square root (Endres and Schindelin
 * 2003); with base 2 both lie in [0, 1]. Counts are made shares first.
 */
export function jensenShannon(
  first: readonly number[],
  second: readonly number[],
  base = 2,
): { readonly divergence: number; readonly distance: number } {
  const [p, q] = [shares(first), shares(second)];
  const nats = p.reduce((sum, each, bin) => {
    const other = q[bin] ?? 0;
    const middle = (each + other) / 2;
    return sum + (part(each, middle) + part(other, middle)) / 2;
  }, 0);
  const divergence = Math.max(0, nats / Math.log(base));
  return { divergence, distance: Math.sqrt(divergence) };
}

function part(share: number, middle: number): number {
  return share > 0 ? share * Math.log(share / middle) : 0;
}

function shares(counts: readonly number[]): readonly number[] {
  const all = counts.reduce((sum, count) => sum + count, 0);
  return counts.map((count) => count / all);
}
