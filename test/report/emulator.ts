/** As much of a terminal as the live painter uses: a cursor over rows of signs that wrap and scroll nowhere. */
export class Emulator {
  readonly #rows: string[] = [''];
  #row = 0;
  #column = 0;

  write(output: string): void {
    for (const [, up, down, erase, below, text] of output.matchAll(
      /\u001b\[(\d+)A|\u001b\[(\d+)B|(\u001b\[2K)|(\u001b\[J)|([^\u001b]|\u001b)/gu,
    )) {
      if (up !== undefined) this.#row -= Number(up);
      else if (down !== undefined) this.#row += Number(down);
      else if (erase !== undefined) this.#rows[this.#row] = '';
      else if (below !== undefined) this.#rows.splice(this.#row, Infinity, '');
      else this.#print(text ?? '');
      if (this.#row < 0 || this.#row >= this.#rows.length) throw new Error(`the cursor left the screen at row ${this.#row}`);
    }
  }

  /** The lines as they stand, the cursor's own one as an empty line at the end. */
  get lines(): readonly string[] {
    return this.#rows;
  }

  #print(sign: string): void {
    if (sign === '\n') {
      this.#row += 1;
      this.#column = 0;
      if (this.#row === this.#rows.length) this.#rows.push('');
    } else if (sign === '\r') this.#column = 0;
    else {
      const signs = [...(this.#rows[this.#row] ?? '').padEnd(this.#column)];
      signs[this.#column] = sign;
      this.#rows[this.#row] = signs.join('');
      this.#column += 1;
    }
  }
}
