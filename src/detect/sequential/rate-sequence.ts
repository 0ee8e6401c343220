import { logBeta } from '../special/log-gamma.ts';

export interface RateBounds {
  readonly low: number;
  readonly high: number;
}

/**
 * Bounds of a rate that hold at all looks at once with a chance of 1 - alpha: every p whose e-value
 * B(x + 1/2, n - x + 1/2) / (B(1/2, 1/2) p^x (1 - p)^(n - x)) is under 1/alpha (Robbins' mixture, 1970; Ville). For a rate that stays as it is, so for
 * display: decisions are the e-processes'.
 */
export function rateSequence(bad: number, of: number, alpha: number): RateBounds {
  if (of === 0) return { low: 0, high: 1 };
  const mixed = logBeta(bad + 0.5, of - bad + 0.5) - logBeta(0.5, 0.5);
  const inside = (p: number): boolean => {
    const likelihood = (bad > 0 ? bad * Math.log(p) : 0) + (of > bad ? (of - bad) * Math.log1p(-p) : 0);
    return mixed - likelihood < Math.log(1 / alpha);
  };
  const rate = bad / of;
  return { low: bad === 0 ? 0 : edge(rate, 0, inside), high: bad === of ? 1 : edge(rate, 1, inside) };
}

/** Where `inside` ends between a rate that is and one that is not. */
function edge(from: number, to: number, inside: (p: number) => boolean): number {
  let [within, beyond] = [from, to];
  for (let step = 0; step < 60; step += 1) {
    const middle = (within + beyond) / 2;
    if (inside(middle)) within = middle;
    else beyond = middle;
  }
  return within;
}
