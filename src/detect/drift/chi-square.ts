import { chiSquareUpper } from '../special/normal.ts';

export interface ChiSquare {
  readonly chi2: number;
  readonly degrees: number;
  readonly p: number;
  /** Effect size: sqrt(chi2 / N), for two samples. */
  readonly cramersV: number;
}

/** Pearson's test that two samples have the same categories, without Yates' correction. A category that neither has is left out. */
export function chiSquareTwoSample(first: readonly number[], second: readonly number[]): ChiSquare {
  const columns = first.map((count, index) => [count, second[index] ?? 0] as const).filter(([a, b]) => a + b > 0);
  const [n, m] = [sum(columns.map(([a]) => a)), sum(columns.map(([, b]) => b))];
  const all = n + m;
  const chi2 = sum(
    columns.map(([a, b]) => {
      const [left, right] = [((a + b) * n) / all, ((a + b) * m) / all];
      return (a - left) ** 2 / left + (b - right) ** 2 / right;
    }),
  );
  const degrees = columns.length - 1;
  return { chi2, degrees, p: degrees === 0 ? 1 : chiSquareUpper(chi2, degrees), cramersV: Math.sqrt(chi2 / all) };
}

/** Categories that would be expected fewer than five times on a side, taken together as one: the law does not hold for them. */
export function poolRare(
  first: readonly number[],
  second: readonly number[],
): { readonly first: readonly number[]; readonly second: readonly number[] } {
  const [n, m] = [sum(first), sum(second)];
  const smaller = Math.min(n, m) / (n + m);
  const rare = first.map((count, index) => (count + (second[index] ?? 0)) * smaller < 5);
  const pooled = (counts: readonly number[]): readonly number[] => {
    const other = sum(counts.filter((_, index) => rare[index]));
    const kept = counts.filter((_, index) => !rare[index]);
    return rare.includes(true) ? [...kept, other] : kept;
  };
  return { first: pooled(first), second: pooled(first.map((_, index) => second[index] ?? 0)) };
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
