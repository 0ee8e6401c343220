import type { Flights } from './read-flights.ts';

/** What earlier rows tell about each flight when it leaves the gate. Each array is by row. */
export interface History {
  readonly volume: Float64Array;
  readonly lateShare: Float64Array;
  readonly usualNow: Uint16Array;
  readonly usualBefore: Uint16Array;
}

const hoursKept = 24 * 190;
const weeks = 4;
const day = 1440;

/**
 * The source has no timetable and gives the time of leaving the gate, not the scheduled one: both are learnt from the weeks before.
 * Nothing here looks at a row of the same hour or a later one but the row's own time and place.
 */
export function historyOf(flights: Flights): History {
  return { volume: expectedVolume(flights), lateShare: recentLateShare(flights), ...usualTimes(flights) };
}

/** Departures of the origin in this hour of the week: the mean of the last four weeks. */
function expectedVolume({ count, airports, origin, departed }: Flights): Float64Array {
  const departures = new Uint16Array(airports.length * hoursKept);
  const slot = (row: number): number => origin[row]! * hoursKept + Math.floor(departed[row]! / 60);
  for (let row = 0; row < count; row++) departures[slot(row)]! += 1;
  return Float64Array.from({ length: count }, (_, row) => {
    let sum = 0;
    for (let week = 1; week <= weeks; week++) {
      if (departed[row]! >= week * 7 * day) sum += departures[slot(row) - week * 168]!;
    }
    return sum / weeks;
  });
}

/**
 * The share of late flights among those from the same origin that landed in the three full hours before this one, smoothed with
 * five flights at the common rate. When a flight landed is estimated with room to spare, so that no delay is used before it was known.
 */
function recentLateShare({ count, airports, origin, departed, distance, late }: Flights): Float64Array {
  const landed = new Uint16Array(airports.length * hoursKept);
  const landedLate = new Uint16Array(airports.length * hoursKept);
  const base = (row: number): number => origin[row]! * hoursKept;
  for (let row = 0; row < count; row++) {
    const at = base(row) + Math.floor((departed[row]! + 45 + distance[row]! / 7) / 60);
    landed[at]! += 1;
    landedLate[at]! += late[row]!;
  }
  return Float64Array.from({ length: count }, (_, row) => {
    const hour = Math.floor(departed[row]! / 60);
    let [all, behind] = [5, 1];
    for (let before = Math.max(0, hour - 3); before < hour; before++) {
      all += landed[base(row) + before]!;
      behind += landedLate[base(row) + before]!;
    }
    return Math.round((behind / all) * 1e4) / 1e4;
  });
}

/** How often the route left at about this time of day, and somewhat earlier, in the seven days before. */
function usualTimes({ count, airports, origin, destination, departed }: Flights): Pick<History, 'usualNow' | 'usualBefore'> {
  const routes = new Map<number, number[]>();
  const route = (row: number): number => origin[row]! * airports.length + destination[row]!;
  for (let row = 0; row < count; row++) {
    const times = routes.get(route(row));
    if (times) times.push(departed[row]!);
    else routes.set(route(row), [departed[row]!]);
  }
  const usualNow = new Uint16Array(count);
  const usualBefore = new Uint16Array(count);
  for (let row = 0; row < count; row++) {
    const times = routes.get(route(row)) ?? [];
    for (let daysAgo = 1; daysAgo <= 7; daysAgo++) {
      const then = departed[row]! - daysAgo * day;
      const near = countBelow(times, then - 15);
      usualNow[row]! += countBelow(times, then + 16) - near;
      usualBefore[row]! += near - countBelow(times, then - 60);
    }
  }
  return { usualNow, usualBefore };
}

function countBelow(sorted: readonly number[], limit: number): number {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (sorted[middle]! < limit) low = middle + 1;
    else high = middle;
  }
  return low;
}
