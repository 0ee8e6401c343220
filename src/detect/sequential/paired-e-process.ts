/** Chances, that the canary is the one that is wrong where only one is, that the mixture bets on where nothing is tolerated. */
export const pairedGrid: readonly number[] = [0.55, 0.6, 0.65, 0.75, 0.85];

/** Requests that both versions scored and at least one got wrong. */
export interface WrongPairs {
  readonly canaryOnly: number;
  readonly baselineOnly: number;
  readonly both: number;
}

/**
 * One interval more of the paired test: both versions scored the same requests. Against a canary that is wrong at most `tolerate` times
 * as often as the stable version, each pair is a bet on X = [canary wrong] - tolerate [stable wrong], whose mean is then at most 0:
 * L_j += b ln(1 + l_j) + c ln(1 - tolerate l_j) + w ln(1 - (tolerate - 1) l_j), with b wrong by the canary alone, c by the stable version alone, w by
 * both, and l_j = (2 theta_j - 1) / tolerate. With `tolerate` 1 it is McNemar's test as a sequential one, b ln(2 theta_j) + c ln(2 (1 - theta_j)), in which only
 * pairs that differ say anything. exp(L_j) is a product of 1 + l_j X, so a supermartingale (Waudby-Smith and Ramdas, JRSS B 2024).
 */
export function extendPaired(
  logLikelihoods: readonly number[],
  { canaryOnly, baselineOnly, both }: WrongPairs,
  tolerate: number,
  grid: readonly number[],
): readonly number[] {
  return grid.map((theta, index) => {
    const stake = (2 * theta - 1) / tolerate;
    const gained =
      canaryOnly * Math.log1p(stake) + baselineOnly * Math.log1p(-tolerate * stake) + both * Math.log1p(-(tolerate - 1) * stake);
    return (logLikelihoods[index] ?? 0) + gained;
  });
}
