import { readEscapes } from './escapes.ts';
import { ExpressionError, longestExpression } from './limits.ts';

/** A word of the language. `operator` also holds the words that act as one, such as `not` and `contains`. */
export interface Token {
  readonly kind: 'identifier' | 'number' | 'string' | 'operator' | 'bracket' | 'end';
  readonly text: string;
  readonly at: number;
}

const operatorWords: ReadonlySet<string> = new Set([
  'not',
  'in',
  'or',
  'and',
  'matches',
  'contains',
  'startsWith',
  'endsWith',
  'let',
  'if',
  'else',
]);

const space = /[\s]+/y;
const lineComment = /\/\/[^\n]*\n?/y;
const blockComment = /\/\*[\s\S]*?\*\//y;
const word = /[\p{L}_$][\p{L}\p{Nd}_$]*/uy;
const number = /(?:0[xX][\da-fA-F_]*|0[oO][0-7_]*|0[bB][01_]*|(?:[\d_]+(?:\.(?!\.)[\d_]*)?|\.[\d_]+)(?:[eE][+-]?[\d_]*)?)/y;
const quoted = /"(?:[^"\\\n]|\\[^\n])*"|'(?:[^'\\\n]|\\[^\n])*'/y;
const raw = /`(?:[^`]|``)*`/y;
const operator = /\|\|?|::?|\?[.?]?|[&!=*<>][&=*]?|##?|[,;%+\-^/]|\.\.?/y;
const letter = /[\p{L}\p{Nd}_$]/u;

/** The words of an expression, the end last. Fails with the place of whatever is no word of the language. */
export function tokens(source: string): readonly Token[] {
  if (source.length > longestExpression)
    throw new ExpressionError(`the expression is longer than ${longestExpression} characters`, longestExpression);
  const found: Token[] = [];
  let at = 0;
  const take = (pattern: RegExp): string | null => {
    pattern.lastIndex = at;
    return pattern.exec(source)?.[0] ?? null;
  };
  while (at < source.length) {
    const skipped = take(space) ?? take(lineComment) ?? take(blockComment);
    if (skipped !== null) {
      at += skipped.length;
      continue;
    }
    const token = next(source, at, take);
    found.push(token.token);
    at += token.length;
  }
  return [...found, { kind: 'end', text: '', at: source.length }];
}

function next(source: string, at: number, take: (pattern: RegExp) => string | null): { token: Token; length: number } {
  const made = (kind: Token['kind'], text: string, length = text.length) => ({ token: { kind, text, at }, length });
  const name = take(word);
  if (name !== null) return made(operatorWords.has(name) ? 'operator' : 'identifier', name);
  const start = source[at] ?? '';
  if (/\d/.test(start) || (start === '.' && /\d/.test(source[at + 1] ?? '')))
    return made('number', wholeNumber(source, at, take));
  const text = take(quoted);
  if (text !== null) return made('string', readEscapes(text.slice(1, -1), text[0] ?? '"', at), text.length);
  const plain = take(raw);
  if (plain !== null) return made('string', plain.slice(1, -1).replaceAll('``', '`'), plain.length);
  if ('"\'`'.includes(start)) throw new ExpressionError('literal not terminated', at);
  if (source.startsWith('/*', at)) throw new ExpressionError('unclosed comment', at);
  if ('()[]{}'.includes(start)) return made('bracket', start);
  const sign = take(operator);
  if (sign !== null) return made('operator', sign);
  throw new ExpressionError(`unrecognized character ${JSON.stringify(String.fromCodePoint(source.codePointAt(at) ?? 0))}`, at);
}

function wholeNumber(source: string, at: number, take: (pattern: RegExp) => string | null): string {
  const digits = take(number) ?? '';
  if (letter.test(source[at + digits.length] ?? ' ')) throw new ExpressionError(`bad number syntax: ${digits}`, at);
  return digits;
}
