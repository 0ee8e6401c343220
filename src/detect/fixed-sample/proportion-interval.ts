import { inverseIncompleteBeta } from '../special/incomplete-beta.ts';
import { normalQuantile } from '../special/normal.ts';

export interface ProportionInterval {
  readonly low: number;
  readonly high: number;
}

/** Wilson's score interval of a proportion (1927), for a sample whose size was fixed before. Of nothing: everything is possible. */
export function wilson(bad: number, of: number, confidence: number): ProportionInterval {
  if (of === 0) return { low: 0, high: 1 };
  const z = normalQuantile((1 - confidence) / 2);
  const [rate, square] = [bad / of, (z * z) / of];
  const middle = (rate + square / 2) / (1 + square);
  const half = (z / (1 + square)) * Math.sqrt((rate * (1 - rate)) / of + square / (4 * of));
  return { low: bad === 0 ? 0 : middle - half, high: bad === of ? 1 : middle + half };
}

/** The exact interval of Clopper and Pearson (1934), from quantiles of the beta distribution. */
export function clopperPearson(bad: number, of: number, confidence: number): ProportionInterval {
  const tail = (1 - confidence) / 2;
  return {
    low: bad === 0 ? 0 : inverseIncompleteBeta(tail, bad, of - bad + 1),
    high: bad === of ? 1 : inverseIncompleteBeta(1 - tail, bad + 1, of - bad),
  };
}
