import { normalUpper } from '../special/normal.ts';

export type Alternative = 'greater' | 'less' | 'two-sided';

/**
 * Mann and Whitney's test (1947) with the normal approximation, corrected for ties: U of the first sample, and p for "the first tends to be
 * greater" (or less, or either). For a sample whose size was fixed before: looking again after every interval breaks it.
 */
export function mannWhitney(
  first: readonly number[],
  second: readonly number[],
  alternative: Alternative,
  continuity: boolean,
): { readonly U: number; readonly p: number } {
  const { ranks, ties } = midranks([...first, ...second]);
  const [n, m] = [first.length, second.length];
  const U = ranks.slice(0, n).reduce((sum, rank) => sum + rank, 0) - (n * (n + 1)) / 2;
  const all = n + m;
  const spread = Math.sqrt(((n * m) / 12) * (all + 1 - ties / (all * (all - 1))));
  const larger = { 'greater': U, 'less': n * m - U, 'two-sided': Math.max(U, n * m - U) }[alternative];
  const z = (larger - (n * m) / 2 - (continuity ? 0.5 : 0)) / spread;
  const p = (alternative === 'two-sided' ? 2 : 1) * normalUpper(z);
  return { U, p: spread === 0 ? 1 : Math.min(1, p) };
}

/** The mean rank of each value among all, from 1, and the sum of t^3 - t over groups of equal ones. */
export function midranks(values: readonly number[]): { readonly ranks: readonly number[]; readonly ties: number } {
  const order = values.map((_, index) => index).sort((one, other) => (values[one] ?? 0) - (values[other] ?? 0));
  const ranks = new Array<number>(values.length).fill(0);
  let ties = 0;
  for (let begin = 0; begin < order.length; ) {
    let end = begin + 1;
    while (end < order.length && values[order[end] ?? 0] === values[order[begin] ?? 0]) end += 1;
    for (const index of order.slice(begin, end)) ranks[index] = (begin + 1 + end) / 2;
    const size = end - begin;
    ties += size ** 3 - size;
    begin = end;
  }
  return { ranks, ties };
}
