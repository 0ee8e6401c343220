// @ts-check
import { Agent } from 'node:http';
import { requestOf } from '../inference.mjs';
import { seeded } from '../seeded.mjs';
import { gapsOf } from './pace.mjs';
import { send } from './send.mjs';

/** A standstill longer than this is not made up for: the rate is a promise too. */
const mostBehind = 1_000;

/**
 * One line of the ledger. Times are milliseconds since 1970, with fractions; `row` is the line of the sample, from 0.
 * @typedef {{readonly id: string, readonly row: number, readonly sent: number, readonly done: number}} Sending
 * @typedef {Sending & import('./send.mjs').Outcome} Entry
 */

/** Sends the rows of a day in their order, at their times, whether or not the earlier ones were answered. */
export class Replay {
  #agent = new Agent({ keepAlive: true });
  #url;
  #options;
  #rows;
  #gaps;
  #random;
  #ended;
  /** @type {Set<Promise<void>>} */
  #flying = new Set();
  /** @type {NodeJS.Timeout | undefined} */
  #timer;
  #due = 0;
  #count = 0;
  /** @type {() => void} */
  #allSent = () => {};

  /**
   * @param {Pick<import('./options.mjs').Options, 'url' | 'rate' | 'seed' | 'limit' | 'fromHour' | 'within'>} options
   * @param {readonly import('../rows.mjs').Row[]} rows
   * @param {(entry: Entry, row: import('../rows.mjs').Row) => void} ended told of every request when it has ended
   */
  constructor(options, rows, ended) {
    this.#options = options;
    this.#url = new URL('/v2/models/flights/infer', options.url);
    this.#rows = rows.map((row, index) => ({ row, index })).filter(({ row }) => row.flight.hour >= options.fromHour);
    if (this.#rows.length === 0) throw new Error(`no row is of the hour ${options.fromHour} or later`);
    this.#gaps = gapsOf(
      this.#rows.map(({ row }) => row),
      options.rate,
    );
    this.#random = seeded(options.seed);
    this.#ended = ended;
  }

  /** Resolves when all are sent, which without a limit is when it is stopped. */
  start() {
    this.#due = performance.now();
    return new Promise((resolve) => {
      this.#allSent = () => resolve(null);
      this.#go();
    });
  }

  get inFlight() {
    return this.#flying.size;
  }

  /** Sends no more, and resolves when everything in flight has ended: each request ends within its own time. */
  async stop() {
    clearTimeout(this.#timer);
    this.#allSent();
    await Promise.all(this.#flying);
    this.#agent.destroy();
  }

  #go() {
    const now = performance.now();
    if (now - this.#due > mostBehind) this.#due = now;
    while (this.#due <= now && this.#count < this.#options.limit) {
      const place = this.#count % this.#rows.length;
      this.#send(place);
      this.#count += 1;
      this.#due += this.#gaps[place] ?? 0;
    }
    if (this.#count >= this.#options.limit) return this.#allSent();
    this.#timer = setTimeout(() => this.#go(), Math.max(1, this.#due - performance.now()));
  }

  /** @param {number} place */
  #send(place) {
    const one = this.#rows[place];
    if (!one) return;
    const { row, index } = one;
    const id = `${Math.floor(this.#random() * 2 ** 32)
      .toString(16)
      .padStart(8, '0')}-${this.#count}`;
    const sent = clock();
    const flying = send(this.#agent, this.#url, {
      id,
      body: JSON.stringify(requestOf([row.flight])),
      within: this.#options.within,
    }).then((outcome) => {
      this.#flying.delete(flying);
      this.#ended({ id, row: index, sent, done: clock(), ...outcome }, row);
    });
    this.#flying.add(flying);
  }
}

function clock() {
  return performance.timeOrigin + performance.now();
}
