import { headOf, widthOf } from './width.ts';

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
    line = word;
    while (widthOf(line) > columns) {
      // A sign of two columns on paper of one cannot be had; it is taken whole so that this ends.
      const head = headOf(line, columns) || ([...line][0] ?? '');
      lines.push(head);
      line = line.slice(head.length);
    }
  }
  return line === '' && lines.length > 0 ? lines : [...lines, line];
}
