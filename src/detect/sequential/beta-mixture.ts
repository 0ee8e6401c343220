import { logUpperBeta } from '../special/incomplete-beta.ts';
import { logBeta } from '../special/log-gamma.ts';

/**
 * ln of the two-sided e-value that `canary` of all counts are not the configured share: the alternatives' shares follow
 * Beta(k share, k (1 - share)). Lindon and Malek, NeurIPS 2022 (arXiv 2011.03567), two arms. Counts are totals since the start.
 */
export function betaMixtureLogE(canary: number, baseline: number, share: number, k: number): number {
  const [a, b] = [k * share, k * (1 - share)];
  const mixed = logBeta(a + canary, b + baseline) - logBeta(a, b);
  return mixed - canary * Math.log(share) - baseline * Math.log(1 - share);
}

/** The same against a share of at most `tolerated`: Beta(a, b) cut off below it. */
export function oneSidedBetaMixtureLogE(canary: number, baseline: number, tolerated: number, a: number, b: number): number {
  const mixed = logBeta(a + canary, b + baseline) + logUpperBeta(tolerated, a + canary, b + baseline);
  const prior = logBeta(a, b) + logUpperBeta(tolerated, a, b);
  return mixed - prior - canary * Math.log(tolerated) - baseline * Math.log(1 - tolerated);
}
