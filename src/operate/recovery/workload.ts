import type { Clock } from '../../ports/clock.ts';

/** What is under way, by names that are taken once. One that fails unforeseen stops no other, and is told when all are over. */
export class Workload {
  readonly #begun = new Set<string>();
  readonly #unforeseen: unknown[] = [];
  #atWork = 0;
  #over = Promise.withResolvers<void>();

  get atWork(): number {
    return this.#atWork;
  }

  begin(name: string, work: () => Promise<void>): void {
    if (this.#begun.has(name)) return;
    this.#begun.add(name);
    if (this.#atWork === 0) this.#over = Promise.withResolvers<void>();
    this.#atWork += 1;
    void work()
      .catch((error: unknown) => this.#unforeseen.push(error))
      .then(() => {
        this.#atWork -= 1;
        if (this.#atWork === 0) this.#over.resolve();
      });
  }

  /** Until nothing is under way, or so many milliseconds. */
  async doneOr(atMost: number, clock: Clock, signal: AbortSignal): Promise<void> {
    const stop = new AbortController();
    await Promise.race([this.#over.promise, clock.wait(atMost, AbortSignal.any([signal, stop.signal]))]);
    stop.abort();
  }

  async done(): Promise<void> {
    if (this.#atWork > 0) await this.#over.promise;
    if (this.#unforeseen.length > 0) throw this.#unforeseen[0];
  }
}
