import { logSumExp } from './log-sum-exp.ts';

/** A metric's log e-value and its share of the one alpha. */
export interface Weighted {
  readonly logE: number;
  readonly weight: number;
}

/**
 * The log of the weighted average of e-values. It is an e-process whatever the metrics have to do with each other, so all of them share
 * one alpha. What weight is left over counts as an e-value of 1; `lent`: what part of each metric's weight it has given them beside.
 */
export function fuse(metrics: readonly Weighted[], lent = 0): number {
  const reserve = 1 - (1 + lent) * metrics.reduce((sum, { weight }) => sum + weight, 0);
  const terms = metrics.filter(({ weight }) => weight > 0).map(({ logE, weight }) => Math.log(weight) + logE);
  return logSumExp(reserve > 1e-12 ? [...terms, Math.log(reserve)] : terms);
}
