/**
 * Half the width of a confidence sequence for a mean after `t` values with standard deviation `sd`: it holds for all t at once, tightest at
 * `tightest`. Asymptotic (Waudby-Smith, Arbour, Sinha, Kennedy, Ramdas, Annals of Statistics 2024), so for display only:
 * sd sqrt(2 (t r + 1) / (t^2 r) ln(sqrt(t r + 1) / alpha)), r = (-2 ln alpha + ln(-2 ln alpha + 1)) / tightest.
 */
export function meanSequenceHalfWidth(t: number, sd: number, alpha: number, tightest: number): number {
  const doubled = -2 * Math.log(alpha);
  const r = (doubled + Math.log(doubled + 1)) / tightest;
  return sd * Math.sqrt(((2 * (t * r + 1)) / (t * t * r)) * Math.log(Math.sqrt(t * r + 1) / alpha));
}
