import * as t from './types.ts';
import type { Type } from './types.ts';

/** What an argument may be, and what comes out; a string says why it does not fit. */
type Signature = (given: readonly Type[]) => Type | string;
type Kind = Type['kind'];

const numeric: readonly Kind[] = ['int', 'float', 'unknown'];
const sequence: readonly Kind[] = ['array', 'unknown'];

function one(name: string, kinds: readonly Kind[], out: (given: Type) => Type): Signature {
  return ([given, ...more]) => {
    if (!given || more.length > 0) return `invalid number of arguments (expected 1, got ${given ? more.length + 1 : 0})`;
    return kinds.includes(given.kind) ? out(given) : `invalid argument for ${name} (type ${t.nameOf(given)})`;
  };
}

type Wanted = 'string' | 'int' | 'any' | '[]string' | '[]interface {}' | '[]float64';

/** The first of several forms that fits. */
function forms(name: string, out: Type, ...alternatives: readonly (readonly Wanted[])[]): Signature {
  return (given) =>
    alternatives.some((wanted) => wanted.length === given.length && wanted.every((each, index) => fits(given[index], each)))
      ? out
      : `cannot call ${name} with (${given.map(t.nameOf).join(', ')})`;
}

function fits(given: Type | undefined, wanted: Wanted): boolean {
  if (!given) return false;
  if (wanted === 'any' || given.kind === 'unknown') return true;
  return given.kind !== 'nil' && t.nameOf(given) === wanted;
}

function aggregate(name: string): Signature {
  return (given) => {
    const [first] = given;
    if (!first) return `not enough arguments to call ${name}`;
    for (const each of given) {
      if (each.kind === 'array' || each.kind === 'unknown') return t.unknown;
      if (!t.isNumber(each)) return `invalid argument for ${name} (type ${t.nameOf(each)})`;
    }
    return first;
  };
}

/** The element by Go's own type: a list made by an expression holds anything. */
function end(given: Type): Type {
  return given.kind === 'array' && given.name !== '[]interface {}' ? given.of : t.unknown;
}

const signatures: Readonly<Record<string, Signature>> = {
  len: one('len', ['array', 'map', 'string', 'unknown'], () => t.int),
  type: forms('type', t.string, ['any']),
  abs: one('abs', numeric, (given) => given),
  ceil: one('ceil', numeric, () => t.float),
  floor: one('floor', numeric, () => t.float),
  round: one('round', numeric, () => t.float),
  int: one('int', [...numeric, 'string'], () => t.int),
  float: one('float', [...numeric, 'string'], () => t.float),
  string: forms('string', t.string, ['any']),
  trim: forms('trim', t.string, ['string'], ['string', 'string']),
  trimPrefix: forms('trimPrefix', t.string, ['string', 'string'], ['string']),
  trimSuffix: forms('trimSuffix', t.string, ['string', 'string'], ['string']),
  upper: forms('upper', t.string, ['string']),
  lower: forms('lower', t.string, ['string']),
  split: forms('split', t.strings, ['string', 'string'], ['string', 'string', 'int']),
  replace: forms('replace', t.string, ['string', 'string', 'string', 'int'], ['string', 'string', 'string']),
  repeat: forms('repeat', t.string, ['string', 'int']),
  join: forms('join', t.string, ['[]string', 'string'], ['[]interface {}', 'string'], ['[]interface {}'], ['[]string']),
  indexOf: forms('indexOf', t.int, ['string', 'string']),
  lastIndexOf: forms('lastIndexOf', t.int, ['string', 'string']),
  hasPrefix: forms('hasPrefix', t.bool, ['string', 'string']),
  hasSuffix: forms('hasSuffix', t.bool, ['string', 'string']),
  max: aggregate('max'),
  min: aggregate('min'),
  mean: aggregate('mean'),
  median: aggregate('median'),
  toJSON: forms('toJSON', t.string, ['any']),
  fromJSON: forms('fromJSON', t.unknown, ['string']),
  date: (given) => (given.length >= 1 && given.length <= 3 ? t.time : `invalid number of arguments for date (${given.length})`),
  now: forms('now', t.time, []),
  duration: forms('duration', t.duration, ['string']),
  first: one('first', sequence, end),
  last: one('last', sequence, end),
  get: (given) => {
    const [from, key] = given;
    if (!from || !key || given.length !== 2) return `invalid number of arguments (expected 2, got ${given.length})`;
    if (from.kind === 'unknown') return t.unknown;
    if (from.kind === 'array')
      return ['int', 'unknown'].includes(key.kind) ? from.of : `non-integer slice index ${t.nameOf(key)}`;
    if (from.kind === 'map') return ['string', 'unknown'].includes(key.kind) ? t.unknown : `cannot use ${t.nameOf(key)} as a key`;
    return `type ${t.nameOf(from)} does not support indexing`;
  },
  take: (given) => {
    const [from, count] = given;
    if (!from || !count || given.length !== 2) return `invalid number of arguments (expected 2, got ${given.length})`;
    if (!sequence.includes(from.kind)) return `cannot take from ${t.nameOf(from)}`;
    return ['int', 'unknown'].includes(count.kind) ? from : `cannot take ${t.nameOf(count)} elements`;
  },
  keys: one('keys', ['map', 'unknown'], () => t.list),
  values: one('values', ['map', 'unknown'], () => t.list),
  reverse: one('reverse', sequence, () => t.list),
  uniq: one('uniq', sequence, () => t.list),
  flatten: one('flatten', sequence, () => t.list),
  concat: (given) => {
    const wrong = given.find(({ kind }) => !sequence.includes(kind));
    if (given.length === 0) return 'invalid number of arguments (expected at least 1, got 0)';
    return wrong ? `cannot concat ${t.nameOf(wrong)}` : t.list;
  },
  sort: forms(
    'sort',
    t.list,
    ...(['[]interface {}', '[]float64', '[]string'] as const).flatMap((each) => [[each, 'string'] as const, [each] as const]),
  ),
  bitand: forms('bitand', t.int, ['int', 'int']),
  bitor: forms('bitor', t.int, ['int', 'int']),
  bitxor: forms('bitxor', t.int, ['int', 'int']),
  bitnand: forms('bitnand', t.int, ['int', 'int']),
  bitshl: forms('bitshl', t.int, ['int', 'int']),
  bitshr: forms('bitshr', t.int, ['int', 'int']),
  bitushr: forms('bitushr', t.int, ['int', 'int']),
  bitnot: forms('bitnot', t.int, ['int']),
};

export const functionNames: ReadonlySet<string> = new Set(Object.keys(signatures));

/** The type that a function of the language gives for these arguments, or why it takes none such. */
export function typeOfFunction(name: string, given: readonly Type[]): Type | string {
  return Object.hasOwn(signatures, name) ? (signatures[name] as Signature)(given) : `unknown builtin ${name}`;
}
