import { logGamma } from '../special/log-gamma.ts';
import { normalUpper } from '../special/normal.ts';

/** The z test of two proportions with a pooled variance, one-sided: is the first larger? For one look only. */
export function twoProportionsZ(
  first: { readonly bad: number; readonly of: number },
  second: { readonly bad: number; readonly of: number },
): { readonly z: number; readonly p: number } {
  const pooled = (first.bad + second.bad) / (first.of + second.of);
  const spread = Math.sqrt(pooled * (1 - pooled) * (1 / first.of + 1 / second.of));
  const difference = first.bad / first.of - second.bad / second.of;
  const z = spread > 0 ? difference / spread : 0;
  return { z, p: normalUpper(z) };
}

/** Fisher's exact test of a table of two by two: the chance of an upper left count at least as large, its margins given. */
export function fisherGreater([[a, b], [c, d]]: readonly [readonly [number, number], readonly [number, number]]): number {
  const [row, column, all] = [a + b, a + c, a + b + c + d];
  const logChoose = (n: number, k: number): number => logGamma(n + 1) - logGamma(k + 1) - logGamma(n - k + 1);
  const whole = logChoose(all, column);
  let sum = 0;
  for (let count = Math.min(row, column); count >= a; count -= 1) {
    sum += Math.exp(logChoose(row, count) + logChoose(all - row, column - count) - whole);
  }
  return Math.min(1, sum);
}
