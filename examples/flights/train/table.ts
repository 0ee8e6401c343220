import type { Row } from '../rows.mjs';
import type { Flight } from '../score.mjs';
import { historyOf, type History } from './history.ts';
import { firstDay, type Flights } from './read-flights.ts';

const minutesADay = 1440;

/** The flights with their history: rows as the model takes them. */
export class Table {
  readonly flights: Flights;
  readonly history: History;

  constructor(flights: Flights) {
    this.flights = flights;
    this.history = historyOf(flights);
  }

  /** The numbers of the rows of some days, in the order of departure. */
  rowsOf({ from, until }: { readonly from: number; readonly until: number }): number[] {
    const rows: number[] = [];
    for (let row = 0; row < this.flights.count; row++) {
      const departed = this.flights.departed[row]!;
      if (departed >= from * minutesADay && departed < until * minutesADay) rows.push(row);
    }
    return rows;
  }

  flight(row: number): Flight {
    const { airports, departed, distance, origin, destination } = this.flights;
    const { volume, lateShare, usualNow, usualBefore } = this.history;
    const minute = departed[row]!;
    return {
      origin: airports[origin[row]!]!,
      destination: airports[destination[row]!]!,
      hour: Math.floor(minute / 60) % 24,
      weekday: new Date(firstDay + minute * 60_000).getUTCDay(),
      distance: distance[row]!,
      volume: volume[row]!,
      lateShare: lateShare[row]!,
      usualNow: usualNow[row]!,
      usualBefore: usualBefore[row]!,
    };
  }

  labelled(row: number): Row {
    return { flight: this.flight(row), label: this.flights.late[row] === 1 ? 'late' : 'on time' };
  }
}
