import { featureNames, writeFeatures, type Model, type Normalisation } from '../score.mjs';
import { seeded } from '../seeded.mjs';
import { encode } from './encode.ts';
import { fitLogistic } from './logistic.ts';
import { fitNormalisation } from './normalise.ts';
import type { Recipe } from './recipes.ts';
import type { Table } from './table.ts';

export interface Fitted {
  /** As it was in training, and is evaluated before the export. */
  readonly trained: Model;
  readonly exported: Normalisation;
  readonly trainedOn: number;
}

/** Trains one version. The same recipe gives the same bytes. */
export function fit(table: Table, recipe: Recipe): Fitted {
  const { flights, history } = table;
  const days = table.rowsOf(recipe);
  const random = seeded(recipe.seed);
  const rows = days.filter(() => random() < recipe.share);
  const encodings = {
    origin: encode(days, (row) => flights.airports[flights.origin[row]!]!, flights.late),
    destination: encode(days, (row) => flights.airports[flights.destination[row]!]!, flights.late),
  };
  const normalisation = fitNormalisation(days, history.volume, flights.distance);
  const width = featureNames.length;
  const features = new Float64Array(rows.length * width);
  for (const [index, row] of rows.entries()) {
    writeFeatures(encodings, normalisation, table.flight(row), features, index * width);
  }
  const weights = fitLogistic(
    features,
    Uint8Array.from(rows, (row) => flights.late[row]!),
    width,
  );
  return {
    trained: { version: recipe.version, threshold: 0.5, encodings, weights, normalisation },
    exported: fitNormalisation(days.slice(0, recipe.exportRows), history.volume, flights.distance),
    trainedOn: rows.length,
  };
}
