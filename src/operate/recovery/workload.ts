import type { Clock } from '../../ports/clock.ts';

/** What is under way of each service, by names that are taken once. One that fails unforeseen stops no other, and is told when all are over. */
export class Workload {
  readonly #begun = new Set<string>();
  readonly #unforeseen: unknown[] = [];
  readonly #of = new Map<string, number>();
  #atWork = 0;
  #over = Promise.withResolvers<void>();

  get atWork(): number {
    return this.#atWork;
  }

  /** Whether anything of this service is under way. */
  isAt(service: string): boolean {
    return (this.#of.get(service) ?? 0) > 0;
  }

  begin(name: string, service: string, work: () => Promise<void>): void {
    if (this.#begun.has(name)) return;
    this.#begun.add(name);
    if (this.#atWork === 0) this.#over = Promise.withResolvers<void>();
    this.#count(service, 1);
    void work()
      .catch((error: unknown) => this.#unforeseen.push(error))
      .then(() => {
        this.#count(service, -1);
        if (this.#atWork === 0) this.#over.resolve();
      });
  }

  #count(service: string, more: number): void {
    this.#atWork += more;
    this.#of.set(service, (this.#of.get(service) ?? 0) + more);
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
