/**
 * What JSON may say as it is and a terminal must not see: it is written as an escape, so that a reader of JSON gets it back
 * unchanged. The only line ends are those between fields; in a text they are escaped already.
 */
const dangerous = /(?!\n)[\p{C}\p{Zl}\p{Zp}]/gu;

/** A screen as a JSON document. The schema names screen and major version; field names never change within one. */
export function documentOf<Fields extends object>(screen: string, fields: Fields & { readonly schema?: never }): string {
  return json({ schema: `sofare/${screen}@1`, ...fields });
}

/** Any value as JSON that is safe to print. */
export function json(value: object): string {
  const text = JSON.stringify(value, null, 2);
  return `${text.replace(dangerous, escaped)}\n`;
}

function escaped(sign: string): string {
  return Array.from({ length: sign.length }, (_, index) => `\\u${sign.charCodeAt(index).toString(16).padStart(4, '0')}`).join('');
}
