import type { PrometheusSignals } from '../../model/service.ts';
import { type Ask, type Found, together } from './find-counters.ts';
import { SharedLook, type Turn } from './shared-look.ts';

/**
 * Counters of all services of this process that one Prometheus has under the same names: up to `together` of them are asked for at once, and each
 * such group once in `every`. One group is asked for after the other, so that their looks fall at different times and none waits for all.
 */
export class CoalescedCounters {
  readonly #looks: SharedLook[] = [];
  readonly #lookOf = new Map<string, SharedLook>();
  readonly #source: PrometheusSignals;
  readonly #ask: Ask;
  #busy: Promise<unknown> = Promise.resolve();

  constructor(source: PrometheusSignals, ask: Ask) {
    this.#source = source;
    this.#ask = ask;
  }

  /** What is known of a service, no older than `every`. */
  query(name: string, signal: AbortSignal): Promise<Found> {
    return this.#groupOf(name).query(name, signal);
  }

  #groupOf(name: string): SharedLook {
    const known = this.#lookOf.get(name);
    if (known?.has(name)) return known;
    let group = this.#looks.find((each) => each.size < together);
    if (!group) {
      group = new SharedLook(this.#source, this.#ask, this.#turn);
      this.#looks.push(group);
    }
    this.#lookOf.set(name, group);
    return group;
  }

  readonly #turn: Turn = (work) => {
    const done = this.#busy.then(work);
    this.#busy = done.catch(() => {});
    return done;
  };
}
