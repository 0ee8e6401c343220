import { closeSync, existsSync, fstatSync, mkdirSync, openSync } from 'node:fs';
import { copyFile, rename, stat, truncate } from 'node:fs/promises';
import { dirname, join } from 'node:path';

const kept = 3;

/** Where a copy writes: a file of its own that outlives the host. */
export function outputFile(directory: string, service: string, version: string, slot: number): string {
  return join(directory, 'logs', service, `${version}.${slot}.log`);
}

/** Runs something with the file open to append, so that it can be cut to nothing while a copy writes to it. `size` is what was there before. */
export function withOutput<Result>(file: string, use: (descriptor: number, size: number) => Result): Result {
  mkdirSync(dirname(file), { recursive: true });
  const descriptor = openSync(file, 'a', 0o600);
  try {
    return use(descriptor, fstatSync(descriptor).size);
  } finally {
    closeSync(descriptor);
  }
}

/** Keeps the last three files when one has grown larger than `limit` bytes. What is written between copying and cutting is lost. */
export async function rotate(file: string, limit: number): Promise<void> {
  const size = await stat(file).then(
    (found) => found.size,
    () => 0,
  );
  if (size < limit) return;
  for (let number = kept - 1; number >= 1; number -= 1) {
    if (existsSync(`${file}.${number}`)) await rename(`${file}.${number}`, `${file}.${number + 1}`);
  }
  await copyFile(file, `${file}.1`);
  await truncate(file, 0);
}
