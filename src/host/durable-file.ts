import { closeSync, openSync, readFileSync, renameSync, writeSync } from 'node:fs';
import { open, rename } from 'node:fs/promises';
import { dirname } from 'node:path';

/**
 * A file that holds the newest state, written aside so that the requests that pass through this process do not wait for the disk.
 * Whatever happens, the file is whole: the old one or the new one.
 */
export class DurableFile {
  readonly #file: string;
  readonly #text: () => string;
  #writing: Promise<void> = Promise.resolve();
  #next: Promise<void> | null = null;

  constructor(file: string, text: () => string) {
    this.#file = file;
    this.#text = text;
  }

  /** Resolves when the state as it is now, or a newer one, is durable. Those that ask while one is being written share the next. */
  save(): Promise<void> {
    this.#next ??= this.#writing
      .catch(() => {})
      .then(() => {
        this.#next = null;
        this.#writing = write(this.#file, this.#text());
        return this.#writing;
      });
    return this.#next;
  }
}

async function write(file: string, text: string): Promise<void> {
  const partial = `${file}.partial`;
  const handle = await open(partial, 'w', 0o600);
  try {
    await handle.writeFile(text);
    await handle.sync();
  } finally {
    await handle.close();
  }
  await rename(partial, file);
  const folder = await open(dirname(file), 'r');
  try {
    await folder.sync();
  } finally {
    await folder.close();
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
