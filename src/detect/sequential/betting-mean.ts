/** What the bet on a mean has seen: enough to go on after a crash. */
export interface BettingState {
  readonly logK: number;
  readonly seen: number;
  readonly sum: number;
  /** Sum of (x_i - mu_i)^2, mu_i with x_i in it. */
  readonly squares: number;
}

export const noBets: BettingState = { logK: 0, seen: 0, sum: 0, squares: 0 };

/**
 * One value more, in [0, 1], against a mean of at most `mean`: K_t = K_(t-1) (1 + lambda_t (x_t - mean)), with
 * lambda_t = min(sqrt(2 ln(1/alpha) / (s2_(t-1) t ln(t+1))), cap / mean), which knows only values before t. Waudby-Smith and Ramdas, "Estimating
 * means of bounded random variables by betting" (JRSS B 2024), the predictable plug-in.
 */
export function bet(state: BettingState, x: number, mean: number, alpha: number, cap = 0.5): BettingState {
  const t = state.seen + 1;
  const variance = (0.25 + state.squares) / t;
  const stake = Math.min(Math.sqrt((2 * Math.log(1 / alpha)) / (variance * t * Math.log(t + 1))), cap / mean);
  const sum = state.sum + x;
  const estimate = (0.5 + sum) / (t + 1);
  return {
    logK: state.logK + Math.log1p(stake * (x - mean)),
    seen: t,
    sum,
    squares: state.squares + (x - estimate) ** 2,
  };
}
