import type { SplitState } from '../../model/evidence.ts';
import { betaMixtureLogE } from './beta-mixture.ts';

/** Weight of the configured share in the mixture of alternatives. */
const weight = 100;
/** Chance that a right split is ever called wrong. */
const splitAlpha = 0.001;
/** Part of the smaller share by which a split must be off to matter: the comparison of rates needs no exact one. */
const matters = 0.1;

/** The split after so many requests more. Another share begins anew; the e-values of shares one after the other multiply. */
export function extendSplit(split: SplitState | undefined, share: number, canary: number, baseline: number): SplitState {
  const same = split?.share === share;
  const before = same ? split.before : split ? split.before + logEOf(split) : 0;
  const next = { share, canary: (same ? split.canary : 0) + canary, baseline: (same ? split.baseline : 0) + baseline, before };
  return { ...next, highest: Math.max(split?.highest ?? 0, before + logEOf(next)) };
}

/**
 * Whether requests are surely not divided as configured: a broken router, ids that repeat, a version that does not take what it is
 * given. Then the versions may have got different requests, and comparing them says little.
 */
export function splitIsWrong(split: SplitState): boolean {
  const all = split.canary + split.baseline;
  if (all === 0 || split.highest < Math.log(1 / splitAlpha)) return false;
  return Math.abs(split.canary / all - split.share) > matters * Math.min(split.share, 1 - split.share);
}

function logEOf({ share, canary, baseline }: Pick<SplitState, 'share' | 'canary' | 'baseline'>): number {
  return betaMixtureLogE(canary, baseline, share, weight);
}
