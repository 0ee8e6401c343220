import { closeSync, copyFileSync, existsSync, mkdirSync, openSync, renameSync, statSync, truncateSync } from 'node:fs';
import { dirname, join } from 'node:path';

const largest = 10 * 1024 * 1024;
const kept = 3;

/** Where a copy writes: a file of its own that outlives the host, so that the host's end breaks no pipe. */
export function outputFile(directory: string, service: string, version: string, copy: string): string {
  return join(directory, 'logs', service, `${version}.${copy}.log`);
}

/** Opened to append, so that it can be cut to nothing while it is written to. */
export function openOutput(file: string): number {
  mkdirSync(dirname(file), { recursive: true });
  return openSync(file, 'a', 0o600);
}

export function closeOutput(descriptor: number): void {
  closeSync(descriptor);
}

/** Keeps the last three files when one has grown too large. What is written between copying and cutting is lost. */
export function rotate(file: string): void {
  if (!existsSync(file) || statSync(file).size < largest) return;
  for (let number = kept - 1; number >= 1; number -= 1) {
    if (existsSync(`${file}.${number}`)) renameSync(`${file}.${number}`, `${file}.${number + 1}`);
  }
  copyFileSync(file, `${file}.1`);
  truncateSync(file, 0);
}
