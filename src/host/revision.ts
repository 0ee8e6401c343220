/** A number that grows with every change, and can be waited for. */
export class Revision {
  readonly #waiting = new Set<() => void>();
  #value = 1;

  get value(): number {
    return this.#value;
  }

  raise(): void {
    this.#value += 1;
    for (const woken of [...this.#waiting]) woken();
  }

  /** Resolves at the next change after `since`, or when the time is over. */
  changed(since: number, atMost: number): Promise<void> {
    if (this.#value > since) return Promise.resolve();
    return new Promise((resolve) => {
      const woken = (): void => {
        clearTimeout(timer);
        this.#waiting.delete(woken);
        resolve();
      };
      const timer = setTimeout(woken, atMost);
      this.#waiting.add(woken);
    });
  }
}
