import { widthOf } from './width.ts';

/** Breaks a visible text into lines of at most `columns`, between words where it can, not before a percent sign. Never empty. */
export function wrapped(text: string, columns: number): readonly string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(/ (?!%)/)) {
    const joined = line === '' ? word : `${line} ${word}`;
    if (widthOf(joined) <= columns) {
      line = joined;
      continue;
    }
    if (line !== '') lines.push(line);
    const parts = broken(word, columns);
    lines.push(...parts.slice(0, -1));
    line = parts.at(-1) ?? '';
  }
  return line === '' && lines.length > 0 ? lines : [...lines, line];
}

/** A word in pieces that fit. A sign of two columns on paper of one cannot be had; it is taken whole. */
function broken(word: string, columns: number): readonly string[] {
  const parts: string[] = [];
  let part = '';
  let used = 0;
  for (const sign of word) {
    const width = widthOf(sign);
    if (used + width > columns && part !== '') {
      parts.push(part);
      [part, used] = ['', 0];
    }
    part += sign;
    used += width;
  }
  return [...parts, part];
}
