// @ts-check
import { readFileSync } from 'node:fs';

/**
 * A flight and what became of it.
 * @typedef {{readonly flight: import('./score.mjs').Flight, readonly label: 'late' | 'on time'}} Row
 */

/**
 * The rows of a sample file, in the order in which they left the gate.
 * @param {string} file
 * @returns {Row[]}
 */
export function readRows(file) {
  const lines = readFileSync(file, 'utf8').trimEnd().split('\n');
  return lines.map((line) => {
    const [origin, destination, hour, weekday, distance, volume, lateShare, usualNow, usualBefore, late] = JSON.parse(line);
    return {
      flight: { origin, destination, hour, weekday, distance, volume, lateShare, usualNow, usualBefore },
      label: late ? 'late' : 'on time',
    };
  });
}

/**
 * The line of one row, without its end: the columns in the order of reading.
 * @param {Row} row
 */
export function rowLine({ flight, label }) {
  const { origin, destination, hour, weekday, distance, volume, lateShare, usualNow, usualBefore } = flight;
  return JSON.stringify([
    origin,
    destination,
    hour,
    weekday,
    distance,
    volume,
    lateShare,
    usualNow,
    usualBefore,
    label === 'late' ? 1 : 0,
  ]);
}
