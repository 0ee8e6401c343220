import { kolmogorovSampleUpper, kolmogorovUpper } from './kolmogorov.ts';

/** D = max |F_a - F_b| of two samples, looked at only after all equal values; -0 is 0. */
export function kolmogorovSmirnov(a: ArrayLike<number>, b: ArrayLike<number>): number {
  return sortedDistance(sorted(a), sorted(b));
}

/** The same for samples that are sorted already: a reference is sorted once and kept. */
export function sortedDistance(a: Float64Array, b: Float64Array): number {
  let [i, j, widest] = [0, 0, 0];
  while (i < a.length && j < b.length) {
    const [left, right] = [a[i] as number, b[j] as number];
    const at = Math.min(left, right);
    while (i < a.length && (a[i] as number) <= at) i += 1;
    while (j < b.length && (b[j] as number) <= at) j += 1;
    const apart = Math.abs(i / a.length - j / b.length);
    if (apart > widest) widest = apart;
  }
  return widest;
}

export function sorted(values: ArrayLike<number>): Float64Array {
  return Float64Array.from(values).sort();
}

/** Up to so many pairs the exact law is used. */
const exactUpTo = 10_000;

/** P(D >= d) if both samples come from one distribution: exact for small ones, else Kolmogorov's limit. */
export function kolmogorovSmirnovP(d: number, n: number, m: number): number {
  if (n * m <= exactUpTo) return kolmogorovSmirnovExact(d, n, m);
  return kolmogorovUpper(Math.sqrt((n * m) / (n + m)) * d);
}

/** As SciPy's `asymp` has it: the law of one sample with nm/(n+m) values. */
export function kolmogorovSmirnovAsymptotic(d: number, n: number, m: number): number {
  return kolmogorovSampleUpper(d, roundHalfToEven((n * m) / (n + m)));
}

/**
 * The exact law: of all orders of n and m values, the share whose path leaves the band |i/n - j/m| < d somewhere (Hodges 1957). The chance of
 * having left it is carried along the path, so that small ones keep their digits.
 */
export function kolmogorovSmirnovExact(d: number, n: number, m: number): number {
  // Any attained distance is a whole number of 1/(nm); the half keeps rounding from moving it.
  const least = Math.round(d * n * m) - 0.5;
  const outside = (i: number, j: number): boolean => Math.abs(i * m - j * n) > least;
  let row = new Float64Array(m + 1);
  for (let i = 0; i <= n; i += 1) {
    const next = new Float64Array(m + 1);
    for (let j = 0; j <= m; j += 1) {
      if (outside(i, j)) next[j] = 1;
      else if (i + j > 0) {
        const above = i > 0 ? (row[j] as number) * i : 0;
        const left = j > 0 ? (next[j - 1] as number) * j : 0;
        next[j] = (above + left) / (i + j);
      }
    }
    row = next;
  }
  return row[m] as number;
}

function roundHalfToEven(value: number): number {
  const floor = Math.floor(value);
  if (value - floor !== 0.5) return Math.round(value);
  return floor % 2 === 0 ? floor : floor + 1;
}
