import type { Paper } from './paper.ts';

/** Controls, what reorders or hides text, lone surrogates and code points without a meaning. */
const invisible = /[\p{C}\p{Zl}\p{Zp}]/gu;
const named: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t' };

/** What our own screens draw with, where only ASCII can be drawn. */
const plain: Readonly<Record<string, string>> = {
  '→': '->',
  '…': '..',
  '·': '-',
  '—': '-',
  '–': '-',
  '≤': '<=',
  '≥': '>=',
  '×': 'x',
  '“': '"',
  '”': '"',
  '’': "'",
  '├': '|',
  '└': '`',
  '─': '-',
  '│': '|',
  '◀': '<',
  '█': '#',
  '░': '-',
  '▁': '_',
  '▂': '.',
  '▃': ':',
  '▄': '-',
  '▅': '=',
  '▆': '+',
  '▇': '*',
};

/**
 * The text as it may be printed: nothing in it can move the cursor, colour, reorder or hide anything, or begin a line.
 * What could is shown escaped, as JSON would write it. Doing it twice changes nothing.
 */
export function visible(text: string, paper: Pick<Paper, 'unicode'>): string {
  const safe = text.replace(invisible, (sign) => named[sign] ?? escaped(sign));
  return paper.unicode ? safe : safe.replace(/[^\x20-\x7e]/gu, (sign) => plain[sign] ?? escaped(sign));
}

function escaped(sign: string): string {
  const hex = (sign.codePointAt(0) ?? 0).toString(16);
  return hex.length <= 4 ? `\\u${hex.padStart(4, '0')}` : `\\u{${hex}}`;
}
