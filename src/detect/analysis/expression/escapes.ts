import { ExpressionError } from './limits.ts';

const single: Readonly<Record<string, string>> = {
  a: '\x07',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
  '\\': '\\',
};

const escapes = /\\(?:u\{([\da-fA-F]{1,6})\}|u([\da-fA-F]{4})|U([\da-fA-F]{8})|x([\da-fA-F]{2})|([0-7]{3})|([\s\S]))/gu;

/** The text that a quoted literal stands for. Fails on an escape that the language does not have. */
export function readEscapes(body: string, quote: string, at: number): string {
  return body.replaceAll(
    escapes,
    (_whole, long?: string, short?: string, wide?: string, byte?: string, octal?: string, letter?: string) => {
      const code = long ?? short ?? wide ?? byte;
      if (code !== undefined) return character(Number.parseInt(code, 16), at);
      if (octal !== undefined) return character(Number.parseInt(octal, 8), at);
      const known = letter === quote ? quote : single[letter ?? ''];
      if (known === undefined) throw new ExpressionError('invalid char escape', at);
      return known;
    },
  );
}

function character(code: number, at: number): string {
  if (code > 0x10ffff || (code >= 0xd800 && code <= 0xdfff)) throw new ExpressionError('invalid char escape', at);
  return String.fromCodePoint(code);
}
