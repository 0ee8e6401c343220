/**
 * What to write so that a terminal that shows `old` shows `next`, touching only the lines that differ. Before and after the cursor
 * stands at the beginning of the line below the frame. Lines hold no line break and are no wider than the terminal.
 */
export function redraw(old: readonly string[], next: readonly string[]): string {
  let output = '';
  let row = old.length;
  const go = (to: number): void => {
    if (to < row) output += `\u001b[${row - to}A`;
    if (to > row) output += `\u001b[${to - row}B`;
    row = to;
  };
  for (const [index, line] of next.entries()) {
    if (line === old[index]) continue;
    go(index);
    // Erased before it is written: after a line that fills the terminal, erasing to its end would take the last sign.
    output += `\r\u001b[2K${line}\r`;
    if (index < old.length) continue;
    output += '\n';
    row += 1;
  }
  go(next.length);
  if (next.length < old.length) output += '\u001b[J';
  return output;
}

/** Draws a frame again and again in the same place. Owns the place: nothing else may write there until it is finished. */
export class LivePainter {
  readonly #write: (text: string) => void;
  readonly #rows: number;
  #shown: readonly string[] = [];

  /** `rows`: height of the terminal; a frame that is higher shows its end until it is finished. */
  constructor(write: (text: string) => void, rows: number) {
    this.#write = write;
    this.#rows = Math.max(2, rows);
  }

  show(lines: readonly string[]): void {
    this.#draw(lines.slice(-(this.#rows - 1)));
  }

  /** Leaves the whole frame standing, and what comes next below it. */
  finish(lines: readonly string[]): void {
    if (lines.length < this.#rows) this.#draw(lines);
    else {
      this.#draw([]);
      this.#write(lines.map((line) => `${line}\n`).join(''));
    }
    this.#shown = [];
  }

  #draw(lines: readonly string[]): void {
    const output = redraw(this.#shown, lines);
    this.#shown = lines;
    if (output !== '') this.#write(output);
  }
}
