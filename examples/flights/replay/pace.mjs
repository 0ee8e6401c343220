// @ts-check
/** The night would take most of a replay if it were as slow as it is; no hour is slower than this share of the busiest. */
const slowest = 0.2;

/**
 * The time from each row to the next, in milliseconds: `rate` a second in the busiest hour, and in the others in proportion
 * to the flights that left then.
 * @param {readonly {readonly flight: {readonly hour: number}}[]} rows
 * @param {number} rate requests a second
 * @returns {number[]}
 */
export function gapsOf(rows, rate) {
  const flights = new Array(24).fill(0);
  for (const { flight } of rows) flights[flight.hour] += 1;
  const busiest = Math.max(...flights);
  return rows.map(({ flight }) => 1_000 / (rate * Math.max(slowest, flights[flight.hour] / busiest)));
}
