/** How strongly weights are held near nothing: the inverse variance of their prior. */
const ridge = 1;
const iterations = 8;

/**
 * The weights of a logistic regression, by Newton's method with a ridge. `features` holds row after row of `width` numbers.
 */
export function fitLogistic(features: Float64Array, labels: Uint8Array, width: number): number[] {
  let weights = new Float64Array(width);
  for (let iteration = 0; iteration < iterations; iteration++) {
    const hessian = Array.from({ length: width }, (_, index) => new Float64Array(width).fill(0).fill(ridge, index, index + 1));
    const gradient = Float64Array.from(weights, (weight) => -ridge * weight);
    for (let row = 0; row < labels.length; row++)
      addRow(features.subarray(row * width, (row + 1) * width), labels[row]!, weights, hessian, gradient);
    for (let one = 0; one < width; one++) for (let two = 0; two < one; two++) hessian[two]![one] = hessian[one]![two]!;
    const step = solve(hessian, gradient);
    weights = weights.map((weight, index) => weight + step[index]!);
  }
  return [...weights].map((weight) => Number(weight.toPrecision(7)));
}

/** Adds one row to the gradient and to the lower half of the (negative) Hessian. Most features are 0, and those are skipped. */
function addRow(
  row: Float64Array,
  label: number,
  weights: Float64Array,
  hessian: readonly Float64Array[],
  gradient: Float64Array,
): void {
  let logOdds = 0;
  for (let index = 0; index < row.length; index++) logOdds += row[index]! * weights[index]!;
  const chance = 1 / (1 + Math.exp(-logOdds));
  const curvature = chance * (1 - chance);
  for (let one = 0; one < row.length; one++) {
    const value = row[one]!;
    if (value === 0) continue;
    gradient[one]! += (label - chance) * value;
    const line = hessian[one]!;
    for (let two = 0; two <= one; two++) line[two]! += curvature * value * row[two]!;
  }
}

/** Gaussian elimination; the ridge keeps the matrix positive definite, so that no pivoting is needed. */
function solve(matrix: readonly Float64Array[], right: Float64Array): Float64Array {
  const size = right.length;
  for (let pivot = 0; pivot < size; pivot++) {
    for (let below = pivot + 1; below < size; below++) {
      const factor = matrix[below]![pivot]! / matrix[pivot]![pivot]!;
      for (let column = pivot; column < size; column++) matrix[below]![column]! -= factor * matrix[pivot]![column]!;
      right[below]! -= factor * right[pivot]!;
    }
  }
  for (let row = size - 1; row >= 0; row--) {
    for (let column = row + 1; column < size; column++) right[row]! -= matrix[row]![column]! * right[column]!;
    right[row]! /= matrix[row]![row]!;
  }
  return right;
}
