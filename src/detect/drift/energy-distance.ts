/** sqrt(2 E|X - Y| - E|X - X'| - E|Y - Y'|) of two samples (Szekely and Rizzo 2013), as the square root that SciPy gives. */
export function energyDistance(a: readonly number[], b: readonly number[]): number {
  const squared = 2 * meanGap(a, b) - meanGap(a, a) - meanGap(b, b);
  return Math.sqrt(Math.max(0, squared));
}

function meanGap(a: readonly number[], b: readonly number[]): number {
  const sum = a.reduce((total, one) => total + b.reduce((inner, other) => inner + Math.abs(one - other), 0), 0);
  return sum / (a.length * b.length);
}
