import type { SplitRest, SplitState } from '../../model/evidence.ts';
import { betaMixtureLogE } from './beta-mixture.ts';

/** Weight of the configured share in the mixture of alternatives. */
const weight = 100;
/** Chance that a right split is ever called wrong. */
const splitAlpha = 0.001;
/** Part of the smaller share by which a split must be off to matter: the comparison of rates needs no exact one. */
const matters = 0.1;

/** What was given to each while the shares were these: `share` is the canary's part of what it and its baseline have together. */
export type Given = Pick<SplitState, 'share' | 'canary' | 'baseline' | 'rest'>;

/** The split after so many requests more. Other shares begin anew; the e-values of shares one after the other multiply. */
export function extendSplit(split: SplitState | undefined, more: Given): SplitState {
  const same = split?.share === more.share && split.rest?.share === more.rest?.share;
  const before = same ? split.before : split ? split.before + logEOf(split) : 0;
  const next = { ...(same ? sumOf(split, more) : more), before };
  return { ...next, highest: Math.max(split?.highest ?? 0, before + logEOf(next)) };
}

/**
 * Whether requests are surely not divided as configured: a broken router, ids that repeat, a version that does not take what it is
 * given. Then the versions may have got different requests, and comparing them says little.
 */
export function splitIsWrong(split: SplitState): boolean {
  if (split.highest < Math.log(1 / splitAlpha)) return false;
  const { canary, rest } = split;
  const both = canary + split.baseline;
  return isOff(canary, both, split.share) || (rest !== undefined && isOff(rest.given, both + rest.given, rest.share));
}

function isOff(given: number, all: number, share: number): boolean {
  return all > 0 && Math.abs(given / all - share) > matters * Math.min(share, 1 - share);
}

/**
 * Of three, first how both fell against the rest, then how they fell between them: together this is the mixture of Dirichlet(k shares), which
 * Lindon and Malek have for any number of arms.
 */
function logEOf({ share, canary, baseline, rest }: Given): number {
  if (rest === undefined) return betaMixtureLogE(canary, baseline, share, weight);
  const both = 1 - rest.share;
  return betaMixtureLogE(canary + baseline, rest.given, both, weight) + betaMixtureLogE(canary, baseline, share, weight * both);
}

function sumOf(one: Given, { canary, baseline, rest }: Given): Given {
  return {
    share: one.share,
    canary: one.canary + canary,
    baseline: one.baseline + baseline,
    ...(one.rest ? { rest: added(one.rest, rest) } : {}),
  };
}

function added({ share, given }: SplitRest, more: SplitRest | undefined): SplitRest {
  return { share, given: given + (more?.given ?? 0) };
}
