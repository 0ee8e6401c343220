import { type Urgency, urgencies, type Work } from './store.ts';

/** One unit of work that waits for its turn. */
export interface Unit {
  readonly name: string;
  readonly work: Work<unknown>;
  readonly urgency: Urgency;
  /** When it was asked for, by the monotonic clock. */
  readonly asked: number;
  readonly answer: (value: unknown) => void;
  readonly refuse: (error: unknown) => void;
}

/** What came of a unit, once the commit that it was part of is over. */
export interface Settled {
  readonly unit: Unit;
  readonly outcome: { readonly value: unknown } | { readonly error: unknown };
}

/** Units in the order in which they have their turn: the urgent before the others, and among equals first come, first served. */
export class UnitQueue {
  readonly #lines: Record<Urgency, Unit[]> = { emergency: [], back: [], usual: [] };

  get empty(): boolean {
    return urgencies.every((urgency) => this.#lines[urgency].length === 0);
  }

  /** Somebody waits who must not wait for a long batch. */
  get pressed(): boolean {
    return this.#lines.emergency.length > 0;
  }

  add(unit: Unit): void {
    this.#lines[unit.urgency].push(unit);
  }

  take(): Unit | null {
    const urgency = urgencies.find((each) => this.#lines[each].length > 0);
    return urgency === undefined ? null : (this.#lines[urgency].shift() ?? null);
  }

  /** Back to where they were taken from, in their order. */
  putBack(units: readonly Unit[]): void {
    for (const unit of units.toReversed()) this.#lines[unit.urgency].unshift(unit);
  }

  remove(unwanted: (unit: Unit) => boolean): readonly Unit[] {
    const removed: Unit[] = [];
    for (const urgency of urgencies) {
      removed.push(...this.#lines[urgency].filter(unwanted));
      this.#lines[urgency] = this.#lines[urgency].filter((unit) => !unwanted(unit));
    }
    return removed;
  }
}
