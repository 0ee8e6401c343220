// @ts-check
/** Tells the true answers some time after the model's, as they become known in life. */
export class LateLabels {
  #after;
  #write;
  /** @type {Set<NodeJS.Timeout>} */
  #waiting = new Set();
  #dropped = false;
  #told = 0;
  /** @type {() => void} */
  #settled = () => {};

  /**
   * @param {number} after milliseconds
   * @param {(line: string) => void} write
   */
  constructor(after, write) {
    this.#after = after;
    this.#write = write;
  }

  get told() {
    return this.#told;
  }

  /** @param {string} id @param {string} label */
  later(id, label) {
    if (this.#dropped) return;
    const timer = setTimeout(() => {
      this.#waiting.delete(timer);
      this.#told += 1;
      this.#write(`${JSON.stringify({ id, label, at: Date.now() })}\n`);
      if (this.#waiting.size === 0) this.#settled();
    }, this.#after);
    this.#waiting.add(timer);
  }

  /** Resolves when every label that waits now is told or dropped. */
  all() {
    return new Promise((resolve) => {
      this.#settled = () => resolve(null);
      if (this.#waiting.size === 0) this.#settled();
    });
  }

  /** What is not known yet will not be told any more. */
  drop() {
    this.#dropped = true;
    for (const timer of this.#waiting) clearTimeout(timer);
    this.#waiting.clear();
    this.#settled();
  }
}
