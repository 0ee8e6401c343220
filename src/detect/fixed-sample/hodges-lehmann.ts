/** The median of all differences between a value of the first sample and one of the second (Hodges and Lehmann 1963). */
export function hodgesLehmann(first: readonly number[], second: readonly number[]): number {
  const differences = first.flatMap((one) => second.map((other) => one - other)).sort((one, other) => one - other);
  const middle = differences.length / 2;
  const at = (index: number): number => differences[index] ?? Number.NaN;
  return Number.isInteger(middle) ? (at(middle - 1) + at(middle)) / 2 : at(Math.floor(middle));
}
