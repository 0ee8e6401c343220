import { type Urgency, urgencies } from './store.ts';

/** At most so many at once; the urgent first, and among equals first come, first served. */
export class Slots {
  #free: number;
  readonly #waiting: Record<Urgency, (() => void)[]> = { emergency: [], back: [], usual: [] };

  constructor(most: number) {
    this.#free = most;
  }

  async use<Result>(urgency: Urgency, work: () => Promise<Result>): Promise<Result> {
    await this.take(urgency);
    try {
      return await work();
    } finally {
      this.give();
    }
  }

  /** For whoever holds a slot: lets another have it while it only waits, and has the next one that is free after that. */
  async lend<Result>(work: () => Promise<Result>): Promise<Result> {
    this.give();
    try {
      return await work();
    } finally {
      await this.take('emergency');
    }
  }

  /** Whoever took gives back, once. */
  async take(urgency: Urgency): Promise<void> {
    if (this.#free > 0) this.#free -= 1;
    else await new Promise<void>((resolve) => this.#waiting[urgency].push(resolve));
  }

  give(): void {
    const urgency = urgencies.find((each) => this.#waiting[each].length > 0);
    if (urgency === undefined) this.#free += 1;
    else this.#waiting[urgency].shift()?.();
  }
}
