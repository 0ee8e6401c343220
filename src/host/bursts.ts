import type { BurstCounts } from '../model/burst-counts.ts';

/** A week: beyond this all that was counted weighs half, so that what is long ago fades. */
const remembered = 7 * 24 * 60;

/** How the errors of a version fall on minutes. */
export class Bursts {
  #minutes: number;
  #errors: number;
  #squares: number;
  #last: number | null = null;
  #open: { readonly minute: number; errors: number } | null = null;

  constructor({ minutes, errors, squares }: BurstCounts = { minutes: 0, errors: 0, squares: 0 }) {
    this.#minutes = minutes;
    this.#errors = errors;
    this.#squares = squares;
  }

  /** A request has ended in that minute; minutes never go back. */
  count(minute: number, failed: boolean): void {
    if (this.#open?.minute !== minute) {
      this.#close();
      this.#open = { minute, errors: 0 };
    }
    if (failed) this.#open.errors += 1;
  }

  /** The minute under way is not in it. */
  counts(): BurstCounts {
    return { minutes: this.#minutes, errors: this.#errors, squares: this.#squares };
  }

  #close(): void {
    if (!this.#open) return;
    const { errors } = this.#open;
    if (this.#minutes >= remembered) {
      this.#minutes /= 2;
      this.#errors /= 2;
      this.#squares /= 2;
    }
    this.#minutes += 1;
    this.#errors += errors;
    if (this.#last !== null) this.#squares += (errors - this.#last) ** 2;
    this.#last = errors;
  }
}
