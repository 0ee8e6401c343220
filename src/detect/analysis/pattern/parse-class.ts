import { type CharacterClass, complement, perl, posix } from './character-class.ts';
import { PatternError } from './pattern-syntax.ts';
import type { PatternText } from './pattern-text.ts';

const letters: ReadonlyMap<string, number> = new Map([
  ['a', 7],
  ['f', 12],
  ['n', 10],
  ['r', 13],
  ['t', 9],
  ['v', 11],
]);

/** What stands behind a backslash for one character: `\n`, `\x41`, `\.`. */
export function escapedCharacter(text: PatternText): number {
  const letter = text.take();
  const control = letters.get(letter);
  if (control !== undefined) return control;
  if (letter === 'x') {
    const braced = text.accept('{');
    const digits = text.takeWhile(/[\da-fA-F]/, braced ? 6 : 2);
    if (digits.length < (braced ? 1 : 2) || (braced && !text.accept('}'))) throw new PatternError('invalid escape \\x');
    return Number.parseInt(digits, 16);
  }
  if (letter === '' || /[\w]/.test(letter)) throw new PatternError(`invalid escape \\${letter}`);
  return letter.codePointAt(0) ?? 0;
}

/** The inside of `[...]`, its opening bracket read already. */
export function parseClass(text: PatternText): CharacterClass {
  const negated = text.accept('^');
  const ranges: (readonly [number, number])[] = [];
  for (let first = true; first || !text.accept(']'); first = false) {
    if (text.atEnd()) throw new PatternError('missing closing ]');
    const named = namedClass(text);
    if (named) {
      ranges.push(...(named.negated ? complement(named.ranges) : named.ranges));
      continue;
    }
    const low = character(text);
    if (!text.looking('-') || text.looking('-]')) {
      ranges.push([low, low]);
      continue;
    }
    text.take();
    const high = character(text);
    if (high < low) throw new PatternError('invalid character class range');
    ranges.push([low, high]);
  }
  return { ranges, negated };
}

function namedClass(text: PatternText): CharacterClass | null {
  if (text.looking('[:')) {
    text.take();
    text.take();
    const negated = text.accept('^');
    const name = text.takeWhile(/[a-z]/, 10);
    const ranges = posix.get(name);
    if (!ranges || !text.accept(':') || !text.accept(']')) throw new PatternError(`invalid character class [:${name}:]`);
    return { ranges, negated };
  }
  const found = text.looking('\\') ? perl.get(text.ahead(1)) : undefined;
  if (!found) return null;
  text.take();
  text.take();
  return found;
}

function character(text: PatternText): number {
  return text.accept('\\') ? escapedCharacter(text) : (text.take().codePointAt(0) ?? 0);
}
