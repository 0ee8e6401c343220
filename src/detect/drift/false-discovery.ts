/**
 * p-values adjusted for how many were looked at, so that of those called at most the chosen share is called falsely on average: Benjamini
 * and Hochberg (1995), min over k >= i of m p_(k) / k. `dependent` allows for any dependence (Benjamini and Yekutieli 2001).
 */
export function adjustForMany(p: readonly number[], { dependent = false } = {}): readonly number[] {
  const m = p.length;
  const penalty = dependent ? p.reduce((sum, _, index) => sum + 1 / (index + 1), 0) : 1;
  const order = p.map((_, index) => index).sort((one, other) => (p[other] ?? 0) - (p[one] ?? 0));
  const adjusted = new Array<number>(m).fill(1);
  let least = 1;
  for (const [position, index] of order.entries()) {
    least = Math.min(least, ((p[index] ?? 1) * m * penalty) / (m - position));
    adjusted[index] = least;
  }
  return adjusted;
}
