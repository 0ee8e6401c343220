/** Shown on two columns by terminals: East Asian wide and fullwidth forms, and what is drawn as a picture. */
const wide =
  /[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\ua960-\ua97f\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{20000}-\u{3fffd}]|\p{Emoji_Presentation}/u;
const combining = /\p{M}/u;
/** Asks for a picture where a letter would do; counted, since some terminals then use a second column. */
const pictureSelector = '\ufe0f';

/** Columns of a text that was made visible. */
export function widthOf(text: string): number {
  let columns = 0;
  for (const sign of text) columns += widthOfSign(sign);
  return columns;
}

function widthOfSign(sign: string): number {
  if (sign >= ' ' && sign <= '~') return 1;
  if (sign === pictureSelector) return 1;
  if (combining.test(sign)) return 0;
  return wide.test(sign) ? 2 : 1;
}

/** The longest beginning that fits. */
export function headOf(text: string, columns: number): string {
  let used = 0;
  let head = '';
  for (const sign of text) {
    used += widthOfSign(sign);
    if (used > columns) return head;
    head += sign;
  }
  return head;
}

/** The text, or its beginning and an ellipsis. */
export function clipped(text: string, columns: number, ellipsis: string): string {
  if (widthOf(text) <= columns) return text;
  return headOf(text, Math.max(0, columns - widthOf(ellipsis))) + headOf(ellipsis, columns);
}

export function padded(text: string, columns: number, side: 'left' | 'right' = 'left'): string {
  const blank = ' '.repeat(Math.max(0, columns - widthOf(text)));
  return side === 'left' ? text + blank : blank + text;
}
