import { logSumExp } from './log-sum-exp.ts';

/** Counts of one closed interval: `bad` of `of`, for both versions. */
export interface RatioCounts {
  readonly canary: { readonly bad: number; readonly of: number };
  readonly baseline: { readonly bad: number; readonly of: number };
}

/** Ratios, as multiples of the tolerated one, that the mixture bets on: errors, and the slow tail. */
export const wideGrid: readonly number[] = [1.5, 2, 3, 5, 10, 30];

/**
 * One interval more of the ratio e-process: log-likelihoods of each ratio `tolerate * g` of the grid against `tolerate`, given how many of
 * the bad ones fell on the canary. With theta(r) = r n_c / (r n_c + n_b): L_j += x_c ln(theta_j / theta_0) + x_b ln((1 - theta_j) / (1 - theta_0)).
 * Under a true ratio of at most `tolerate` exp(L_j) is a supermartingale, whatever the common rate does and however the split changes
 * between intervals; so it may be looked at after each one (Ville). An interval in which a side has no traffic says nothing.
 */
export function extendRatio(
  logLikelihoods: readonly number[],
  { canary, baseline }: RatioCounts,
  tolerate: number,
  grid: readonly number[],
): readonly number[] {
  if (canary.of === 0 || baseline.of === 0) return logLikelihoods;
  const theta = (ratio: number): number => (ratio * canary.of) / (ratio * canary.of + baseline.of);
  const expected = theta(tolerate);
  return grid.map((multiple, index) => {
    const assumed = theta(tolerate * multiple);
    const gained = canary.bad * Math.log(assumed / expected) + baseline.bad * Math.log((1 - assumed) / (1 - expected));
    return (logLikelihoods[index] ?? 0) + gained;
  });
}

/** The log e-value of an equal mixture over the grid. Before any interval: 0. */
export function ratioLogE(logLikelihoods: readonly number[]): number {
  return logLikelihoods.length === 0 ? 0 : logSumExp(logLikelihoods) - Math.log(logLikelihoods.length);
}
