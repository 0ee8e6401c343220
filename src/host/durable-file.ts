import { closeSync, openSync, readFileSync, renameSync, writeSync } from 'node:fs';
import { type FileHandle, open, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { isFull, Reserve } from './reserve.ts';

/** The disk did not make durable what was written. Asked again it would say yes, and that would be worth nothing. */
export class Unsynced extends Error {
  constructor(file: string, cause: unknown) {
    super(`${file} could not be made durable: ${cause instanceof Error ? cause.message : String(cause)}`, { cause });
    this.name = 'Unsynced';
  }
}

/**
 * A file that holds the newest state, written aside so that the requests that pass through this process do not wait for the disk.
 * Whatever happens, the file is whole: the old one or the new one. It can be written on a full disk too. After a sync that failed it is
 * never written again.
 */
export class DurableFile {
  readonly #file: string;
  readonly #reserve: Reserve;
  readonly #text: () => string;
  readonly #lost: (error: Unsynced) => void;
  #unsynced: Unsynced | null = null;
  #writing: Promise<void> = Promise.resolve();
  #next: Promise<void> | null = null;

  /** `lost` is told of a sync that failed, before who asked to save is. */
  constructor(file: string, text: () => string, lost: (error: Unsynced) => void = () => {}) {
    this.#file = file;
    this.#text = text;
    this.#lost = lost;
    this.#reserve = new Reserve(file, (handle) => this.#synced(handle));
  }

  /** Resolves when the state as it is now, or a newer one, is durable. Those that ask while one is being written share the next. */
  save(): Promise<void> {
    this.#next ??= this.#writing
      .catch(() => {})
      .then(() => {
        this.#next = null;
        this.#writing = this.#write();
        return this.#writing;
      });
    return this.#next;
  }

  /** Makes the reserve whole again, where there is space for it. */
  async prepare(): Promise<void> {
    if (!this.#unsynced) await this.#reserve.prepare(Buffer.byteLength(this.#text()));
  }

  async #write(): Promise<void> {
    if (this.#unsynced) throw this.#unsynced;
    const text = this.#text();
    const partial = `${this.#file}.partial`;
    try {
      await this.#writeTo(partial, text);
      await rename(partial, this.#file);
    } catch (error) {
      if (!isFull(error)) throw error;
      await rm(partial, { force: true });
      await this.#reserve.writeOver(this.#file, text);
    }
    const folder = await open(dirname(this.#file), 'r');
    try {
      await this.#synced(folder);
    } finally {
      await folder.close();
    }
  }

  async #writeTo(partial: string, text: string): Promise<void> {
    const handle = await open(partial, 'w', 0o600);
    try {
      await handle.writeFile(text);
      await this.#synced(handle);
    } finally {
      await handle.close();
    }
  }

  async #synced(handle: FileHandle): Promise<void> {
    try {
      await handle.sync();
    } catch (error) {
      this.#unsynced = new Unsynced(this.#file, error);
      this.#lost(this.#unsynced);
      throw this.#unsynced;
    }
  }
}

/** As a whole, but only as lasting as the page cache: for what may lose its last second. */
export function writeWhole(file: string, text: string): void {
  const partial = `${file}.partial`;
  const descriptor = openSync(partial, 'w', 0o600);
  try {
    writeSync(descriptor, text);
  } finally {
    closeSync(descriptor);
  }
  renameSync(partial, file);
}

/** Null when the file is not there. Anything else that is wrong with it is thrown: it is never taken for empty. */
export function readJson<Document>(file: string): Document | null {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
  return JSON.parse(text) as Document;
}
