import type { Weights } from './weights.ts';

/** What follows the version in the name of its fresh copies. No SemVer has an @ in it. */
const mark = '@fresh';

/** Under which fresh copies of a version run and have a share of their own, beside those that serve already. */
export function freshOf(version: string): string {
  return `${version}${mark}`;
}

export function isFresh(name: string): boolean {
  return name.endsWith(mark);
}

/** The version that a name at the target or in the weights stands for. */
export function versionOf(name: string): string {
  return isFresh(name) ? name.slice(0, -mark.length) : name;
}

/** Shares by version: fresh copies count as what they are copies of. */
export function byVersion(weights: Weights): Weights {
  const shares: Record<string, number> = {};
  for (const [name, share] of Object.entries(weights)) shares[versionOf(name)] = (shares[versionOf(name)] ?? 0) + share;
  return shares;
}
