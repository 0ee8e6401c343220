/** So many commits after one that waited in vain are made without waiting. */
const rests = 16;

/**
 * Whether a commit that is ready should wait for others to join it. A commit takes as long as a disk does and holds up everything
 * else meanwhile, so no two could ever meet if none waited; and a unit that is alone must not wait. What the last waits brought tells.
 */
export class Company {
  readonly #turn: (() => Promise<void>) | null;
  #resting = 0;

  constructor(turn: (() => Promise<void>) | null) {
    this.#turn = turn;
  }

  /** Gives the others of this process one turn, if lately that brought any. */
  async arrive(came: () => boolean): Promise<void> {
    if (!this.#turn) return;
    if (this.#resting > 0) {
      this.#resting -= 1;
      return;
    }
    await this.#turn();
    if (!came()) this.#resting = rests;
  }
}
