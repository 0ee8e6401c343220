import type { Clock } from '../ports/clock.ts';
import type { Failpoints } from '../ports/failpoints.ts';
import { type BatchDatabase, runBatch } from './batch.ts';
import { Company } from './company.ts';
import { type Settled, type Unit, UnitQueue } from './unit-queue.ts';
import type { Urgency, Work } from './store.ts';

export interface GroupCommitOptions {
  readonly database: BatchDatabase;
  readonly clock: Clock;
  readonly failpoints: Failpoints;
  /** Lets everything else in this process that is ready go on once; null: nobody is waited for. */
  readonly turn: (() => Promise<void>) | null;
  /** How long a unit waits for another process's commit. */
  readonly patience: number;
  readonly isBusy: (error: unknown) => boolean;
  /** What the database said, in our words. */
  readonly explain: (error: unknown) => unknown;
}

const shortestPause = 5;
const longestPause = 100;

/**
 * Units of work that are asked for while another is at work share its commit, each undone by itself when it throws, every one answered
 * only once the commit that holds it is durable. First come, first served; but what takes production back waits behind nobody else.
 * A unit alone costs what a transaction costs.
 */
export class GroupCommit {
  readonly #options: GroupCommitOptions;
  readonly #queue = new UnitQueue();
  readonly #company: Company;
  #draining: Promise<void> | null = null;
  /** Since when every try met another process's lock; null: the last one did not. */
  #lockedSince: number | null = null;

  constructor(options: GroupCommitOptions) {
    this.#options = options;
    this.#company = new Company(options.turn);
  }

  ask<Result>(name: string, work: Work<Result>, urgency: Urgency): Promise<Result> {
    return new Promise((answer, refuse) => {
      const unit: Unit = {
        name,
        work,
        urgency,
        asked: this.#options.clock.monotonic(),
        answer: answer as Unit['answer'],
        refuse,
      };
      this.#queue.add(unit);
      this.#draining ??= this.#drain();
    });
  }

  /** Resolves when nothing that was asked for is at work any more. */
  async rest(): Promise<void> {
    while (this.#draining) await this.#draining;
  }

  async #drain(): Promise<void> {
    for (let pause = shortestPause; !this.#queue.empty; ) {
      const { settled, busy, cut } = await runBatch(this.#queue, { ...this.#options, company: this.#company });
      for (const each of settled) this.#settle(each);
      if (busy) {
        this.#giveUpOnTheOldest(busy.error);
        if (!this.#queue.empty) await this.#options.clock.wait(pause);
        pause = Math.min(pause * 2, longestPause);
      } else {
        this.#lockedSince = null;
        pause = shortestPause;
        // Under a load that never ends, other work of this process and other processes get their turn between two batches.
        if (cut) await this.#options.clock.wait(1);
      }
    }
    this.#draining = null;
  }

  /** The failpoint stands behind the durable commit and before the answer: what stops there is known to nobody and yet there. */
  #settle({ unit, outcome }: Settled): void {
    try {
      if ('error' in outcome) throw outcome.error;
      this.#options.failpoints.hit(`${unit.name}.after-commit`);
      unit.answer(outcome.value);
    } catch (error) {
      unit.refuse(this.#options.explain(error));
    }
  }

  #giveUpOnTheOldest(error: unknown): void {
    const now = this.#options.clock.monotonic();
    this.#lockedSince ??= now;
    const since = this.#lockedSince;
    for (const unit of this.#queue.remove(({ asked }) => now - Math.max(asked, since) >= this.#options.patience))
      unit.refuse(this.#options.explain(error));
  }
}
