import type { Encoding } from '../score.mjs';

/** As many flights at the common rate as are mixed into the rate of an airport, so that a rare one does not stand out. */
const smoothing = 200;

/** The smoothed log-odds of late flights of each airport that the rows name. `other` is for airports that they do not. */
export function encode(rows: readonly number[], airportOf: (row: number) => string, late: Uint8Array): Encoding {
  const common = rows.reduce((sum, row) => sum + late[row]!, 0) / rows.length;
  const counts = new Map<string, { all: number; late: number }>();
  for (const row of rows) {
    const airport = airportOf(row);
    const count = counts.get(airport) ?? { all: 0, late: 0 };
    counts.set(airport, count);
    count.all += 1;
    count.late += late[row]!;
  }
  const encoded = [...counts]
    .sort(([one], [two]) => (one < two ? -1 : 1))
    .map(([airport, count]): [string, number] => [airport, logOdds((count.late + smoothing * common) / (count.all + smoothing))]);
  return { other: logOdds(common), ...Object.fromEntries(encoded) };
}

function logOdds(rate: number): number {
  return Math.round(Math.log(rate / (1 - rate)) * 1e4) / 1e4;
}
