/** Rates, as multiples of the allowed one, that the mixture bets on. */
export const sloGrid: readonly number[] = [1.5, 2, 3, 5, 10];

/** A rate of one cannot be bet on: a single good answer would end it. */
const highest = 0.999;

/**
 * One interval more of the test against a fixed limit: p_j = min(g_j * limit, 0.999), and
 * L_j += x ln(p_j / limit) + (n - x) ln((1 - p_j) / (1 - limit)). While every request is bad with a chance of at most `limit` given the past, exp(L_j) is
 * a supermartingale (likelihood ratio of Bernoulli trials; Wald 1945, Ville 1939). Needs no stable version beside it, so it also sees
 * what harms both.
 */
export function extendSlo(
  logLikelihoods: readonly number[],
  { bad, of }: { readonly bad: number; readonly of: number },
  limit: number,
  grid: readonly number[],
): readonly number[] {
  return grid.map((multiple, index) => {
    const assumed = Math.min(limit * multiple, highest);
    const gained = bad * Math.log(assumed / limit) + (of - bad) * Math.log((1 - assumed) / (1 - limit));
    return (logLikelihoods[index] ?? 0) + gained;
  });
}
