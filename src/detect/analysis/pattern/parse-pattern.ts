import { perl } from './character-class.ts';
import { escapedCharacter, parseClass } from './parse-class.ts';
import { type Flags, noFlags, type Pattern, PatternError } from './pattern-syntax.ts';
import { type PatternText, patternText } from './pattern-text.ts';

const longest = 1_024;
const deepest = 20;
/** As in Go: a count beyond this is refused. */
const mostRepeats = 1_000;

/** Reads a regular expression in Go's syntax, without Unicode classes (`\p`). Fails with a PatternError. */
export function parsePattern(pattern: string): Pattern {
  if (pattern.length > longest) throw new PatternError(`it is longer than ${longest} characters`);
  const text = patternText(pattern);
  const [found] = choices(text, noFlags, 0);
  if (!text.atEnd()) throw new PatternError('unexpected )');
  return found;
}

function choices(text: PatternText, outer: Flags, depth: number): readonly [Pattern, Flags] {
  if (depth > deepest) throw new PatternError(`it is nested deeper than ${deepest}`);
  const found: Pattern[] = [];
  let flags = outer;
  do {
    const parts: Pattern[] = [];
    while (!text.atEnd() && !text.looking('|') && !text.looking(')')) {
      const [atom, next] = atomOf(text, flags, depth);
      flags = next;
      if (atom) parts.push(repeated(text, atom));
    }
    found.push({ kind: 'sequence', parts });
  } while (text.accept('|'));
  return [found.length === 1 ? (found[0] as Pattern) : { kind: 'either', choices: found }, flags];
}

function atomOf(text: PatternText, flags: Flags, depth: number): readonly [Pattern | null, Flags] {
  const letter = text.take();
  const made = (pattern: Pattern): readonly [Pattern, Flags] => [pattern, flags];
  const one = (code: number) => made({ kind: 'characters', set: { ranges: [[code, code]], negated: false }, folded: flags.i });
  switch (letter) {
    case '(':
      return group(text, flags, depth);
    case '[':
      return made({ kind: 'characters', set: parseClass(text), folded: flags.i });
    case '.':
      return made({ kind: 'characters', set: { ranges: flags.s ? [] : [[10, 10]], negated: true }, folded: false });
    case '^':
      return made({ kind: 'assertion', holds: flags.m ? 'line start' : 'text start' });
    case '$':
      return made({ kind: 'assertion', holds: flags.m ? 'line end' : 'text end' });
    case '*':
    case '+':
    case '?':
      throw new PatternError(`missing argument to repetition operator: ${letter}`);
    case '\\':
      return made(escaped(text, flags));
    default:
      return one(letter.codePointAt(0) ?? 0);
  }
}

const assertions = new Map([
  ['A', 'text start'],
  ['z', 'text end'],
  ['b', 'word edge'],
  ['B', 'no word edge'],
] as const);

function escaped(text: PatternText, flags: Flags): Pattern {
  const holds = (assertions as ReadonlyMap<string, (Pattern & { kind: 'assertion' })['holds']>).get(text.ahead(0));
  const set = perl.get(text.ahead(0));
  if (holds !== undefined || set) {
    text.take();
    return set ? { kind: 'characters', set, folded: false } : { kind: 'assertion', holds: holds ?? 'text end' };
  }
  if (text.looking('Q')) throw new PatternError('\\Q is not read here');
  const code = escapedCharacter(text);
  return { kind: 'characters', set: { ranges: [[code, code]], negated: false }, folded: flags.i };
}

/** What follows an opening parenthesis: flags for the rest of the group, a named or unnamed group. */
function group(text: PatternText, flags: Flags, depth: number): readonly [Pattern | null, Flags] {
  let inner = flags;
  if (text.accept('?')) {
    if (text.accept('P') || text.looking('<')) {
      const named = text.accept('<') && text.takeWhile(/\w/, 100) !== '' && text.accept('>');
      if (!named) throw new PatternError('invalid named group');
    } else {
      const on = text.takeWhile(/[imsU]/, 4);
      const off = text.accept('-') ? text.takeWhile(/[imsU]/, 4) : '';
      const set = (flag: keyof Flags): boolean => (on.includes(flag) || flags[flag]) && !off.includes(flag);
      inner = { i: set('i'), m: set('m'), s: set('s') };
      if (text.accept(')')) return [null, inner];
      if (!text.accept(':')) throw new PatternError('invalid or unsupported group (?');
    }
  }
  const [found] = choices(text, inner, depth + 1);
  if (!text.accept(')')) throw new PatternError('missing closing )');
  return [found, flags];
}

function repeated(text: PatternText, part: Pattern): Pattern {
  const times = repetition(text);
  if (!times) return part;
  text.accept('?');
  if (repetition(text)) throw new PatternError('invalid nested repetition operator');
  return { kind: 'repeat', part, ...times };
}

function repetition(text: PatternText): { least: number; most: number | null } | null {
  if (text.accept('*')) return { least: 0, most: null };
  if (text.accept('+')) return { least: 1, most: null };
  if (text.accept('?')) return { least: 0, most: 1 };
  if (!text.looking('{')) return null;
  let written = '';
  while (text.ahead(written.length) !== '' && !written.endsWith('}')) written += text.ahead(written.length);
  const counts = /^\{(\d+)(?:(,)(\d*))?\}$/.exec(written);
  // As in Go: what does not look like a count stands for itself.
  if (!counts) return null;
  for (const _character of written) text.take();
  const least = Number(counts[1]);
  const most = counts[2] === undefined ? least : counts[3] === '' ? null : Number(counts[3]);
  if (least > mostRepeats || (most !== null && (most > mostRepeats || most < least)))
    throw new PatternError('invalid repeat count');
  return { least, most };
}
