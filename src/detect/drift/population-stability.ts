/**
 * PSI = sum (q_i - p_i) ln(q_i / p_i) over shares of shared bins, each at least `floor` and not made to sum to one again afterwards. The rules
 * of 0.1 and 0.25 are folklore: without any drift its mean is (bins - 1) (1/n + 1/m), which `debiasedPsi` takes off.
 */
export function populationStability(reference: readonly number[], current: readonly number[], floor = 1e-4): number {
  const [n, m] = [sum(reference), sum(current)];
  return reference.reduce((total, count, bin) => {
    const p = Math.max(count / n, floor);
    const q = Math.max((current[bin] ?? 0) / m, floor);
    return total + (q - p) * Math.log(q / p);
  }, 0);
}

export function debiasedPsi(reference: readonly number[], current: readonly number[], floor = 1e-4): number {
  const bias = (reference.length - 1) * (1 / sum(reference) + 1 / sum(current));
  return populationStability(reference, current, floor) - bias;
}

function sum(counts: readonly number[]): number {
  return counts.reduce((total, count) => total + count, 0);
}
