/** Chances, that the canary is the one that is wrong where only one is, that the mixture bets on. */
export const pairedGrid: readonly number[] = [0.55, 0.6, 0.65, 0.75, 0.85];

/** Requests that both versions scored and only one of them got wrong. */
export interface Discordant {
  readonly canaryOnly: number;
  readonly baselineOnly: number;
}

/**
 * One interval more of the paired test (McNemar's, as a sequential one): both versions scored the same requests, and only the pairs
 * on which they differ say anything. L_j += b ln(theta_j / theta_0) + c ln((1 - theta_j) / (1 - theta_0)) with b wrong by the canary alone and c by
 * the stable version alone; theta_0 = 1/2 for "no worse". Under a chance of at most theta_0 exp(L_j) is a supermartingale.
 */
export function extendPaired(
  logLikelihoods: readonly number[],
  { canaryOnly, baselineOnly }: Discordant,
  tolerated: number,
  grid: readonly number[],
): readonly number[] {
  return grid.map((assumed, index) => {
    // A bet below what is tolerated would be a bet on the canary.
    const bet = Math.max(assumed, tolerated);
    const gained = canaryOnly * Math.log(bet / tolerated) + baselineOnly * Math.log((1 - bet) / (1 - tolerated));
    return (logLikelihoods[index] ?? 0) + gained;
  });
}

/**
 * theta_0 for a margin: how much less accurate the canary may be, (d + m) / (2d), where `discordance` d is the share of pairs expected to
 * differ. A plan, not a bound: it holds as far as d does.
 */
export function toleratedDiscordance(margin: number, discordance: number): number {
  return Math.min(0.99, (discordance + margin) / (2 * discordance));
}
