import type { Weights } from '../../model/observation.ts';

/** Parts of the whole at the finest: Gateway API takes weights up to a million, so a ten-thousandth of a percent is the least share. */
const finest = 1_000_000;

/**
 * Shares as the whole numbers that routers take. Whole percents sum to 100, finer shares to 1,000 and so on: 0.5 % is 5 of 1,000. Istio
 * (since 1.15) and Gateway API read weights as parts of their sum. What is finer than a millionth is rounded, never to nothing; the
 * largest share makes up for it.
 */
export function wholeWeights(weights: Weights): Readonly<Record<string, number>> {
  const shares = Object.entries(weights).filter(([, share]) => share > 0);
  const parts = shares.map(([, share]) => Math.max(1, Math.round((share * finest) / 100)));
  const largest = parts.indexOf(Math.max(...parts));
  const rest = finest - parts.reduce((sum, part) => sum + part, 0);
  const exact = parts.map((part, index) => (index === largest ? part + rest : part));
  let unit = 1;
  while (finest / unit > 100 && exact.every((part) => part % (unit * 10) === 0)) unit *= 10;
  return Object.fromEntries(shares.map(([version], index) => [version, (exact[index] ?? 0) / unit]));
}
