import { lineOf, paragraph, type Piece } from './line.ts';
import { columnsOf, type Paper } from './paper.ts';
import { visible } from './visible.ts';
import { padded, widthOf } from './width.ts';
import { wrapped } from './wrap.ts';

export interface Column {
  readonly title: string;
  readonly side?: 'left' | 'right';
  /** Gives way first where the paper is too narrow. */
  readonly gives?: boolean;
}

export interface Row {
  readonly icon?: Piece;
  readonly cells: readonly string[];
  /** A text under the row, over its whole width. */
  readonly below?: string;
}

/** Rows under titles, two blanks apart; a cell that gives way is broken between words. Icons stand before a row, in two columns of their own. */
export function table(paper: Paper, columns: readonly Column[], rows: readonly Row[], indent = 2): readonly string[] {
  const shown = rows.map(({ cells }) => cells.map((cell) => visible(cell, paper)));
  const icons = rows.some(({ icon }) => icon !== undefined);
  const natural = columns.map(({ title }, index) =>
    Math.max(widthOf(title), ...shown.map((cells) => widthOf(cells[index] ?? ''))),
  );
  const widths = fitted(natural, columns, columnsOf(paper) - indent - (icons ? 2 : 0));
  const begin = ' '.repeat(indent);
  const blank = icons ? '  ' : '';
  const lines = columns.some(({ title }) => title !== '')
    ? [
        lineOf(
          paper,
          begin,
          blank,
          joined(
            columns.map(({ title }) => title),
            columns,
            widths,
          ),
        ),
      ]
    : [];
  for (const [number, cells] of shown.entries()) {
    const broken = columns.map((_, index) => wrapped(cells[index] ?? '', widths[index] ?? 1));
    const height = Math.max(1, ...broken.map((parts) => parts.length));
    for (let row = 0; row < height; row += 1) {
      const icon = rows[number]?.icon;
      const lead = icons ? (row === 0 && icon !== undefined ? [icon, ' '] : [blank]) : [];
      lines.push(
        lineOf(
          paper,
          begin,
          ...lead,
          joined(
            broken.map((parts) => parts[row] ?? ''),
            columns,
            widths,
          ),
        ),
      );
    }
    const below = rows[number]?.below;
    if (below !== undefined) lines.push(...paragraph(paper, [`${begin}${blank}  `], below));
  }
  return lines;
}

function joined(cells: readonly string[], columns: readonly Column[], widths: readonly number[]): string {
  return cells.map((cell, index) => padded(cell, widths[index] ?? 0, columns[index]?.side ?? 'left')).join('  ');
}

const least = 8;

/** Takes what is missing from the columns that give way, the widest first, then from all. */
function fitted(natural: readonly number[], columns: readonly Column[], room: number): readonly number[] {
  const widths = [...natural];
  const over = (): number => widths.reduce((sum, width) => sum + width, 2 * (widths.length - 1)) - room;
  for (const willing of [true, false]) {
    while (over() > 0) {
      const candidates = widths.flatMap((width, index) =>
        width > least && (!willing || columns[index]?.gives === true) ? [index] : [],
      );
      const widest = candidates.toSorted((a, b) => (widths[b] ?? 0) - (widths[a] ?? 0))[0];
      if (widest === undefined) break;
      widths[widest] = (widths[widest] ?? 0) - 1;
    }
  }
  return widths;
}
