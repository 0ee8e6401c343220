import { setTimeout as pause } from 'node:timers/promises';
import type { PrometheusSignals } from '../../model/service.ts';
import { type Ask, type Found, findCounters } from './find-counters.ts';

/** How long the first that asks waits for others, in ms. */
const gathering = 20;
/** A service that asked for nothing through so many looks is asked for no longer. */
const forgottenAfter = 3;
/** Where a service joins, all are asked for with it; between rounds lies so many times what the last one took. */
const rest = 4;

/** Does the work once nobody else's is under way. */
export type Turn = <Result>(work: () => Promise<Result>) => Promise<Result>;

interface Round {
  readonly names: Set<string>;
  readonly opened: number;
  begun: number;
  /** How long it took to ask for all, in ms. */
  took: number;
  waiting: number;
  readonly stop: AbortController;
  readonly found: Promise<Found>;
}

/** Services that are asked for together. */
export class SharedLook {
  readonly #asked = new Map<string, number>();
  readonly #source: PrometheusSignals;
  readonly #ask: Ask;
  readonly #turn: Turn;
  /** The newest that has begun, and the one that gathers. */
  #last: Round | null = null;
  #next: Round | null = null;

  constructor(source: PrometheusSignals, ask: Ask, turn: Turn) {
    this.#source = source;
    this.#ask = ask;
    this.#turn = turn;
  }

  get size(): number {
    return this.#asked.size;
  }

  has(name: string): boolean {
    return this.#asked.has(name);
  }

  async query(name: string, signal: AbortSignal): Promise<Found> {
    signal.throwIfAborted();
    const now = performance.now();
    this.#asked.set(name, now);
    const last = this.#last;
    const covered = last?.names.has(name) === true && now - last.begun < this.#source.every && !last.stop.signal.aborted;
    if (last && covered) return waitFor(last, signal);
    if (!this.#next || this.#next.stop.signal.aborted) this.#next = this.#gather(now);
    return waitFor(this.#next, signal);
  }

  #gather(opened: number): Round {
    const before = this.#last;
    const stop = new AbortController();
    const gathered = async (): Promise<Found> => {
      await pause(gathering, undefined, { signal: stop.signal });
      const apart = before ? Math.min(this.#source.every, (1 + rest) * before.took) : 0;
      const free = before ? before.begun + apart - performance.now() : 0;
      if (free > 0) await pause(free, undefined, { signal: stop.signal });
      return this.#turn(() => this.#begin(round));
    };
    const found = gathered();
    const round: Round = { names: new Set(), opened, begun: 0, took: 0, waiting: 0, stop, found };
    found.catch(() => {
      if (this.#next === round) this.#next = null;
    });
    return round;
  }

  async #begin(round: Round): Promise<Found> {
    round.stop.signal.throwIfAborted();
    const now = performance.now();
    for (const [name, at] of this.#asked) {
      if (at >= round.opened || now - at < forgottenAfter * this.#source.every) round.names.add(name);
      else this.#asked.delete(name);
    }
    round.begun = now;
    [this.#last, this.#next] = [round, null];
    try {
      return await findCounters([...round.names], this.#source, this.#ask, round.stop.signal);
    } finally {
      round.took = performance.now() - now;
    }
  }
}

/** A round is given up when nobody waits for it any more. */
async function waitFor(round: Round, signal: AbortSignal): Promise<Found> {
  round.waiting += 1;
  const gone = Promise.withResolvers<never>();
  const leave = (): void => gone.reject(signal.reason);
  signal.addEventListener('abort', leave, { once: true });
  try {
    return await Promise.race([round.found, gone.promise]);
  } finally {
    signal.removeEventListener('abort', leave);
    round.waiting -= 1;
    if (round.waiting === 0 && signal.aborted) round.stop.abort();
  }
}
