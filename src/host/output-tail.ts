import { closeSync, fstatSync, openSync, readSync } from 'node:fs';

const most = 8_192;
const longestLine = 200;

/** The end of what was written to a file after a place. A file that is shorter than that was cut in between. */
export function tailOf(file: string, from: number): string {
  try {
    const descriptor = openSync(file, 'r');
    try {
      const { size } = fstatSync(descriptor);
      const start = Math.max(from <= size ? from : 0, size - most);
      const buffer = Buffer.alloc(size - start);
      return buffer.subarray(0, readSync(descriptor, buffer, 0, buffer.length, start)).toString('utf8');
    } finally {
      closeSync(descriptor);
    }
  } catch {
    return '';
  }
}

/** The line that most likely says why a program ended: the last that begins by naming an error, else the last. Null: it said nothing. */
export function lastWord(text: string): string | null {
  const lines = text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '' && !line.startsWith('at '));
  const line = lines.findLast((each) => /^\W*([\w.]*(error|exception)|panic|fatal)\b.*\S/i.test(each)) ?? lines.at(-1);
  return line === undefined ? null : line.slice(0, longestLine);
}

export function saysPortTaken(text: string): boolean {
  return /EADDRINUSE|address already in use/i.test(text);
}
