/**
 * One interval more of the test of events without denominators (restarts, kills, alerts) against `expected`, the most that the
 * interval's exposure (time times instances) allows: L_j += x ln g_j - expected (g_j - 1), the likelihood ratio of Poisson counts with means
 * g_j * expected and expected. Beside a stable version the ratio e-process serves, with exposure in the place of requests.
 */
export function extendPoisson(
  logLikelihoods: readonly number[],
  events: number,
  expected: number,
  grid: readonly number[],
): readonly number[] {
  return grid.map((multiple, index) => (logLikelihoods[index] ?? 0) + events * Math.log(multiple) - expected * (multiple - 1));
}
