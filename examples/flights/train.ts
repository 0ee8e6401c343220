// Trains every version from the source table, writes the artifact folders and the sample: node examples/flights/train.ts [PARQUET]
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readModel } from './artifacts.mjs';
import { evaluate, type Evaluation } from './evaluate.mjs';
import { rowLine } from './rows.mjs';
import { fit } from './train/fit.ts';
import { firstDay, readFlights } from './train/read-flights.ts';
import { evaluated, recipes } from './train/recipes.ts';
import { Table } from './train/table.ts';
import { writeVersion } from './train/write-version.ts';

const here = import.meta.dirname;
const source = process.argv[2] ?? join(here, '..', '..', 'node_modules', 'vega-datasets', 'data', 'flights-3m.parquet');

const flights = await readFlights(source);
console.log(`${flights.read} rows read, ${flights.read - flights.count} left out for delays outside -60 to 600 minutes`);
const table = new Table(flights);

/** The busiest of the days that nothing was trained on. */
const busiest = Array.from({ length: evaluated.until - evaluated.from }, (_, index) => evaluated.from + index)
  .map((day) => ({ day, rows: table.rowsOf({ from: day, until: day + 1 }) }))
  .reduce((most, one) => (one.rows.length > most.rows.length ? one : most));
const sample = busiest.rows.map((row) => table.labelled(row));
writeFileSync(join(here, 'sample.ndjson'), `${sample.map(rowLine).join('\n')}\n`);
console.log(`sample: ${sample.length} flights of ${new Date(firstDay + busiest.day * 86_400_000).toISOString().slice(0, 10)}`);

const later = table.rowsOf(evaluated).map((row) => table.labelled(row));
for (const recipe of recipes) {
  const folder = join(here, 'versions', recipe.folder);
  const fitted = fit(table, recipe);
  const before = evaluate(fitted.trained, later);
  writeVersion(folder, recipe, fitted, before);
  const model = readModel(folder);
  console.log(`${recipe.folder}: ${fitted.trainedOn} flights`);
  show('  June, as trained', before);
  show('  June, as exported', evaluate(model, later));
  show('  sample, as exported', evaluate(model, sample));
}

function show(what: string, { lateRate, auc, wrongRate, errorRate, answeredLate }: Evaluation): void {
  const percent = (share: number): string => `${(share * 100).toFixed(2)} %`;
  console.log(
    `${what}: AUC ${auc.toFixed(4)}, wrong ${percent(wrongRate)} (always "on time": ${percent(lateRate)}), ` +
      `answered late ${percent(answeredLate)}, no finite score ${percent(errorRate)}`,
  );
}
