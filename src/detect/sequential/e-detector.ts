/** Above this a logarithm is cut off: its number would not be finite, and every bar was passed long before. */
const highest = 700;

/** sr: sum of all e-processes begun so far (Shiryaev-Roberts); cusum: the largest of them. */
export type DetectorKind = 'sr' | 'cusum';

/** A watch without an end, as a logarithm; nothing seen is minus infinity. */
export const nothingDetected = Number.NEGATIVE_INFINITY;

/**
 * One interval more of a watch that never ends, from the e-value of that interval alone: sr M = e (M + 1), cusum M = e max(M, 1). While
 * nothing changed, the mean time until M reaches A is at least A intervals (Shin, Ramdas, Rinaldo, "E-detectors", 2023).
 */
export function extendDetector(logM: number, logE: number, kind: DetectorKind): number {
  const before =
    kind === 'cusum' ? Math.max(logM, 0) : logM > 0 ? logM + Math.log1p(Math.exp(-logM)) : Math.log1p(Math.exp(logM));
  return Math.min(highest, logE + before);
}

/** ln e of an interval with `count` events against a Poisson mean of at most `expected`, betting on `ratio` times as many. */
export function poissonLogE(count: number, expected: number, ratio: number): number {
  return count * Math.log(ratio) - expected * (ratio - 1);
}
