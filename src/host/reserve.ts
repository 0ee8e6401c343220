import { existsSync, statSync } from 'node:fs';
import { type FileHandle, link, open, rename, rm } from 'node:fs/promises';

const names = ['reserve.0', 'reserve.1'] as const;
const smallest = 256 * 1024;

/**
 * Space on the disk that is ours already, for the state that has to be written when there is none left: two files of real bytes. One is
 * written in place and takes the place of the state's file, whose old bytes become the next reserve; so it never runs out, and no other
 * program that fills the disk can be quicker.
 */
export class Reserve {
  readonly #files: readonly string[];
  readonly #sync: (handle: FileHandle) => Promise<void>;
  #size = smallest;
  #turn: Promise<unknown> = Promise.resolve();

  /** `beside`: the file that the reserve is for. `sync` makes durable what was written to it. */
  constructor(beside: string, sync: (handle: FileHandle) => Promise<void>) {
    this.#sync = sync;
    this.#files = names.map((name) => `${beside}.${name}`);
  }

  /** Makes what is missing of it, for a state of this many bytes. Where there is no space, it is tried again with a later state. */
  prepare(bytes: number): Promise<void> {
    while (this.#size < 2 * bytes) this.#size *= 2;
    return this.#inTurn(async () => {
      for (const file of this.#files) {
        if (existsSync(file) && statSync(file).size >= this.#size) continue;
        if (!(await this.#make(file))) return;
      }
    });
  }

  /** Puts the text, which has to be one that may end in spaces, where the state's file is; its folder is for the caller to sync. Fails where the reserve cannot hold it. */
  writeOver(state: string, text: string): Promise<void> {
    return this.#inTurn(() => this.#writeOver(state, text));
  }

  async #writeOver(state: string, text: string): Promise<void> {
    const bytes = Buffer.from(text);
    const taken = this.#files.findLast((file) => existsSync(file) && statSync(file).size >= bytes.length);
    if (taken === undefined) throw Object.assign(new Error(`the reserve beside ${state} is used up`), { code: 'ENOSPC' });
    const handle = await open(taken, 'r+');
    try {
      const { size } = await handle.stat();
      await handle.write(Buffer.concat([bytes, Buffer.alloc(size - bytes.length, ' ')]), 0, size, 0);
      await this.#sync(handle);
    } finally {
      await handle.close();
    }
    // A second name for the old state, so that its bytes stay ours.
    const old = `${taken}.old`;
    await rm(old, { force: true });
    const kept = await link(state, old).then(
      () => true,
      () => false,
    );
    await rename(taken, state);
    // The state is written by now: a reserve that is lost on the way is made again when there is space.
    if (kept) await rename(old, taken).catch(() => {});
  }

  /** Aside first: what there is of a reserve is not given up for one that cannot be made. */
  async #make(file: string): Promise<boolean> {
    const making = `${file}.making`;
    try {
      const handle = await open(making, 'w', 0o600);
      try {
        await handle.writeFile(Buffer.alloc(this.#size, ' '));
        await handle.sync();
      } finally {
        await handle.close();
      }
      await rename(making, file);
      return true;
    } catch (error) {
      await rm(making, { force: true });
      if (isFull(error)) return false;
      throw error;
    }
  }

  /** A reserve that is made while one is used could end as the state. */
  #inTurn<Result>(work: () => Promise<Result>): Promise<Result> {
    const result = this.#turn.then(work);
    this.#turn = result.catch(() => {});
    return result;
  }
}

export function isFull(error: unknown): boolean {
  const { code } = (error ?? {}) as NodeJS.ErrnoException;
  return code === 'ENOSPC' || code === 'EDQUOT';
}
