/**
 * How far the empirical distribution of `t` values may be from the true one, everywhere at once and for all t >= first:
 * 0.85 sqrt((ln ln(e t / first) + 0.8 ln(1612 / alpha)) / t). Howard and Ramdas, Bernoulli 2022, theorem 2. For charts: the exceedance test is far
 * quicker.
 */
export function cdfBandRadius(t: number, alpha: number, first: number): number {
  return 0.85 * Math.sqrt((Math.log(Math.log((Math.E * t) / first)) + 0.8 * Math.log(1612 / alpha)) / t);
}
