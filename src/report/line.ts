import { columnsOf, type Icon, iconOn, type Paper } from './paper.ts';
import { visible } from './visible.ts';
import { clipped, padded, widthOf } from './width.ts';
import { wrapped } from './wrap.ts';

/** A part of a line: an icon, or a text of any origin. */
export type Piece = string | { readonly icon: Icon };

/** One printed line: every text made visible, cut with an ellipsis where the paper ends. */
export function lineOf(paper: Paper, ...pieces: readonly Piece[]): string {
  return cut(paper, pieces, columnsOf(paper)).trimEnd();
}

/** A line with something at the right edge; what stands left gives way. */
export function lineWithEnd(paper: Paper, pieces: readonly Piece[], end: string): string {
  const right = visible(end, paper);
  const room = columnsOf(paper) - widthOf(right) - 2;
  if (room < 20) return lineOf(paper, ...pieces, '  ', end);
  const left = cut(paper, pieces, room);
  const used = Math.min(room, columnsUsed(paper, pieces));
  return `${left}${' '.repeat(room - used + 2)}${right}`.trimEnd();
}

/** A text after a beginning, broken between words; further lines start below its first word. */
export function paragraph(paper: Paper, beginning: readonly Piece[], text: string): readonly string[] {
  const hang = columnsUsed(paper, beginning);
  const fits = hang <= columnsOf(paper) - 20;
  const lines = wrapped(visible(text, paper), columnsOf(paper) - (fits ? hang : 4));
  if (!fits) return [lineOf(paper, ...beginning), ...lines.map((line) => lineOf(paper, '    ', line))];
  return lines.map((line, index) => (index === 0 ? lineOf(paper, ...beginning, line) : lineOf(paper, ' '.repeat(hang), line)));
}

/** `  label     text`, for blocks of them under one another. */
export function labelled(paper: Paper, label: string, text: string, columns = 12): readonly string[] {
  return paragraph(paper, [`  ${padded(label, columns)}`], text);
}

/** Several texts under one label. */
export function labelledList(paper: Paper, label: string, texts: readonly string[], columns = 12): readonly string[] {
  return texts.flatMap((text, index) => labelled(paper, index === 0 ? label : '', text, columns));
}

export function columnsUsed(paper: Paper, pieces: readonly Piece[]): number {
  return pieces.reduce((sum, piece) => sum + (typeof piece === 'string' ? widthOf(visible(piece, paper)) : 1), 0);
}

function cut(paper: Paper, pieces: readonly Piece[], columns: number): string {
  const whole = columnsUsed(paper, pieces) <= columns;
  const ellipsis = paper.unicode ? '…' : '..';
  let left = whole ? columns : columns - widthOf(ellipsis);
  let line = '';
  for (const piece of pieces) {
    const text = typeof piece === 'string' ? visible(piece, paper) : piece;
    const needed = typeof text === 'string' ? widthOf(text) : 1;
    if (needed > left) return line + (typeof text === 'string' ? clipped(text, left + widthOf(ellipsis), ellipsis) : ellipsis);
    line += typeof text === 'string' ? text : iconOn(paper, text.icon);
    left -= needed;
  }
  return line;
}
