/** log(sum(exp(values))) without overflow. Of nothing: minus infinity. */
export function logSumExp(values: readonly number[]): number {
  const highest = Math.max(...values);
  if (!Number.isFinite(highest)) return values.length === 0 ? Number.NEGATIVE_INFINITY : highest;
  return highest + Math.log(values.reduce((sum, value) => sum + Math.exp(value - highest), 0));
}
