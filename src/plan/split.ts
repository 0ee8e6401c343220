import { freshOf } from '../model/fresh.ts';
import type { Weights } from '../model/weights.ts';

/**
 * The weights at which `to` has this share. Beside it fresh copies of `from` have as much, as far as there is so much: over 50 % they
 * have what is left.
 */
export function split(to: string, from: string | null, share: number, fresh: boolean): Weights {
  if (share === 100 || from === null) return { [to]: 100 };
  if (share === 0) return { [from]: 100 };
  if (!fresh) return { [from]: 100 - share, [to]: share };
  const beside = Math.min(share, 100 - share);
  const rest = 100 - share - beside;
  return { ...(rest > 0 ? { [from]: rest } : {}), [freshOf(from)]: beside, [to]: share };
}
