import { ExpressionError } from './limits.ts';
import type { Node } from './syntax.ts';

const largest = 2n ** 63n - 1n;

/** The number that a literal stands for: an integer of 64 bits, or a float where there is a point or an exponent. */
export function readNumber(text: string, at: number): Node {
  const digits = text.replaceAll('_', '').toLowerCase();
  if (/^0[xob]/.test(digits)) return integer(digits, at);
  if (!/[.e]/.test(digits)) return integer(digits.replace(/^0+(?=\d)/, ''), at);
  const value = /^(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/.test(digits) ? Number(digits) : Number.NaN;
  if (!Number.isFinite(value)) throw new ExpressionError(`invalid float literal ${text}`, at);
  return { kind: 'float', value, at };
}

function integer(digits: string, at: number): Node {
  if (!/^(?:0x[\da-f]+|0o[0-7]+|0b[01]+|\d+)$/.test(digits) || BigInt(digits) > largest)
    throw new ExpressionError(`invalid integer literal ${digits}`, at);
  return { kind: 'integer', value: BigInt(digits), at };
}

/** A whole number in base ten as text, as Go's ParseInt reads it; null where it does not. */
export function parseInteger(text: string): bigint | null {
  if (!/^[+-]?\d+$/.test(text)) return null;
  const value = BigInt(text.replace(/^\+/, ''));
  return value >= -largest - 1n && value <= largest ? value : null;
}

/** A number as text, as Go's ParseFloat reads it: also `NaN`, `Inf`, `-infinity`; null where it does not, or where it is out of range. */
export function parseFloating(text: string): number | null {
  const special = /^([+-]?)(inf|infinity|nan)$/i.exec(text);
  if (special) {
    if (special[2]?.toLowerCase() === 'nan') return special[1] === '' ? Number.NaN : null;
    return special[1] === '-' ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
  }
  if (!/^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/.test(text)) return null;
  const value = Number(text);
  return Number.isFinite(value) ? value : null;
}
