import type { Clock } from '../../ports/clock.ts';
import { type Urgency, urgencies } from '../../store/store.ts';

interface Waiting {
  readonly begin: () => void;
  readonly refuse: (reason: unknown) => void;
  readonly signal: AbortSignal;
}

const second = 1_000;

/** Lets at most so many calls begin in any second, however it is cut out of time: the urgent first, and among equals first come, first served. */
export class Pace {
  readonly #clock: Clock;
  /** When the last calls began, as many as may begin in a second; `#next` is the oldest of them. */
  readonly #begun: number[];
  #next = 0;
  readonly #waiting: Record<Urgency, Waiting[]> = { emergency: [], back: [], usual: [] };
  #at = false;

  constructor(perSecond: number, clock: Clock) {
    this.#clock = clock;
    this.#begun = Array.from({ length: perSecond }, () => Number.NEGATIVE_INFINITY);
  }

  call<Result>(urgency: Urgency, signal: AbortSignal, work: () => Promise<Result>): Promise<Result> {
    return new Promise((answer, refuse) => {
      this.#waiting[urgency].push({ begin: () => answer(work()), refuse, signal });
      if (!this.#at) void this.#letThrough();
    });
  }

  async #letThrough(): Promise<void> {
    this.#at = true;
    for (let next = this.#take(); next; next = this.#take()) {
      // Looked at each time, since the calls themselves and whatever else runs take time too.
      for (let wait = this.#mustWait(); wait > 0; wait = this.#mustWait()) await this.#clock.wait(wait);
      if (next.signal.aborted) next.refuse(next.signal.reason);
      else {
        this.#begun[this.#next] = this.#clock.monotonic();
        this.#next = (this.#next + 1) % this.#begun.length;
        next.begin();
      }
    }
    this.#at = false;
  }

  #mustWait(): number {
    return (this.#begun[this.#next] ?? 0) + second - this.#clock.monotonic();
  }

  #take(): Waiting | null {
    const urgency = urgencies.find((each) => this.#waiting[each].length > 0);
    return urgency === undefined ? null : (this.#waiting[urgency].shift() ?? null);
  }
}
