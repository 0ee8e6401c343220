import type { Normalisation, Scaling } from '../score.mjs';

/** Centre and spread of the numeric features: median and distance of the quartiles, which outliers do not move. */
export function fitNormalisation(rows: readonly number[], volume: ArrayLike<number>, distance: ArrayLike<number>): Normalisation {
  return { volume: scalingOf(rows.map((row) => volume[row]!)), distance: scalingOf(rows.map((row) => distance[row]!)) };
}

function scalingOf(values: readonly number[]): Scaling {
  const sorted = Float64Array.from(values).sort();
  const quantile = (share: number): number => sorted[Math.floor(share * (sorted.length - 1))]!;
  return { centre: quantile(0.5), scale: quantile(0.75) - quantile(0.25) };
}
