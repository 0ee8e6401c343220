/**
 * Several e-values for one hypothesis. Their mean is an e-value whatever they have to do with each other; their product only where each
 * is of data of its own, one after the other (Vovk and Wang, Annals of Statistics 2021). 1/mean, at most 1, is a p-value.
 */
export function combine(values: readonly number[]): {
  readonly mean: number;
  readonly product: number;
  readonly pMerged: number;
} {
  const mean = values.reduce((sum, each) => sum + each, 0) / values.length;
  return { mean, product: values.reduce((product, each) => product * each, 1), pMerged: Math.min(1, 1 / mean) };
}
