import { DatabaseSync } from 'node:sqlite';

const busy = 5;

/**
 * The right to be the host of a directory, held for life; null while another process has it. It is a lock of the operating system on
 * an SQLite file, so it goes with the process however that ends, and a process id given out again cannot be mistaken for it.
 */
export function takeLock(file: string): { readonly release: () => void } | null {
  const database = new DatabaseSync(file, { timeout: 2_000 });
  try {
    database.exec('begin exclusive');
    return { release: () => database.close() };
  } catch (error) {
    database.close();
    if ((error as { errcode?: number }).errcode === busy) return null;
    throw error;
  }
}
