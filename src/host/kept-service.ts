import type { SavedService } from './saved-service.ts';

/** What a service remembers, changed by one request at a time. */
export class KeptService {
  readonly #save: () => Promise<void>;
  #now: SavedService;
  /** What is being made durable and does not hold yet. */
  #pending: Partial<SavedService> = {};
  #turn: Promise<unknown> = Promise.resolve();

  /** `save` resolves when what `next` says is durable, and fails when it cannot be made so. */
  constructor(saved: SavedService, save: () => Promise<void>) {
    this.#now = saved;
    this.#save = save;
  }

  /** What holds. */
  get now(): SavedService {
    return this.#now;
  }

  /** What is to be written. */
  get next(): SavedService {
    return { ...this.#now, ...this.#pending };
  }

  inTurn<Result>(work: () => Promise<Result>): Promise<Result> {
    const result = this.#turn.then(work);
    this.#turn = result.catch(() => {});
    return result;
  }

  /** First durable, then true. What cannot be written is not done. */
  async keep(changes: Partial<SavedService>): Promise<void> {
    this.#pending = changes;
    try {
      await this.#save();
      this.#now = { ...this.#now, ...changes };
    } finally {
      this.#pending = {};
    }
  }

  /** For what the world has done already: true at once, and durable with whatever is saved next. */
  note(changes: Partial<SavedService>): void {
    this.#now = { ...this.#now, ...changes };
  }
}
