import { ExpressionError } from './limits.ts';
import { toInteger } from './operators.ts';
import { fromJson, isList, isMap, kindOf, type Value } from './values.ts';

type Called = (given: readonly Value[]) => Value;

function text(value: Value | undefined): string {
  if (typeof value === 'string') return value;
  throw new ExpressionError(`${kindOf(value ?? null)} is used where a string is wanted`);
}

/** Places in bytes, as Go counts them. */
function place(whole: string, index: number): Value {
  return index < 0 ? -1n : BigInt(new TextEncoder().encode(whole.slice(0, index)).length);
}

function trim([whole, characters]: readonly Value[]): Value {
  if (characters === undefined) return text(whole).trim();
  const cut = new Set(Array.from(text(characters)));
  const all = Array.from(text(whole));
  const from = all.findIndex((each) => !cut.has(each));
  return from < 0 ? '' : all.slice(from, all.findLastIndex((each) => !cut.has(each)) + 1).join('');
}

function split([whole, by, most]: readonly Value[]): Value {
  const separator = text(by);
  const parts = separator === '' ? Array.from(text(whole)) : text(whole).split(separator);
  const limit = most === undefined ? -1 : Number(toInteger(most));
  if (limit < 0 || parts.length <= limit) return parts;
  return limit === 0 ? [] : [...parts.slice(0, limit - 1), parts.slice(limit - 1).join(separator)];
}

function replace([whole, wanted, by, most]: readonly Value[]): Value {
  const limit = most === undefined ? -1 : Number(toInteger(most));
  if (limit < 0) return text(whole).replaceAll(text(wanted), () => text(by));
  let replaced = 0;
  return text(whole).replaceAll(text(wanted), (found) => {
    replaced += 1;
    return replaced <= limit ? text(by) : found;
  });
}

function repeat([part, times = null]: readonly Value[]): Value {
  const count = Number(toInteger(times));
  if (count < 0) throw new ExpressionError(`invalid argument for repeat (expected positive integer, got ${count})`);
  if (count * text(part).length > 100_000) throw new ExpressionError('memory budget exceeded');
  return text(part).repeat(count);
}

function join([all = null, glue]: readonly Value[]): Value {
  if (!isList(all)) throw new ExpressionError(`invalid argument for join (type ${kindOf(all)})`);
  return all.map(text).join(glue === undefined ? '' : text(glue));
}

function readJson([json]: readonly Value[]): Value {
  try {
    return fromJson(JSON.parse(text(json)));
  } catch (error) {
    throw error instanceof ExpressionError ? error : new ExpressionError('invalid JSON');
  }
}

function plain(value: Value): unknown {
  if (typeof value === 'bigint') return Number(value);
  if (typeof value === 'number' && !Number.isFinite(value)) throw new ExpressionError(`JSON has no ${value}`);
  if (isList(value)) return value.map(plain);
  return isMap(value)
    ? Object.fromEntries([...value].sort(([one], [other]) => (one < other ? -1 : 1)).map(([key, each]) => [key, plain(each)]))
    : value;
}

export const textFunctions: ReadonlyMap<string, Called> = new Map<string, Called>([
  ['trim', trim],
  [
    'trimPrefix',
    ([whole, part = ' ']) => (text(whole).startsWith(text(part)) ? text(whole).slice(text(part).length) : text(whole)),
  ],
  [
    'trimSuffix',
    ([whole, part = ' ']) =>
      text(whole).endsWith(text(part)) ? text(whole).slice(0, text(whole).length - text(part).length) : text(whole),
  ],
  ['upper', ([whole]) => text(whole).toUpperCase()],
  ['lower', ([whole]) => text(whole).toLowerCase()],
  ['split', split],
  ['replace', replace],
  ['repeat', repeat],
  ['join', join],
  ['indexOf', ([whole, part]) => place(text(whole), text(whole).indexOf(text(part)))],
  ['lastIndexOf', ([whole, part]) => place(text(whole), text(whole).lastIndexOf(text(part)))],
  ['hasPrefix', ([whole, part]) => text(whole).startsWith(text(part))],
  ['hasSuffix', ([whole, part]) => text(whole).endsWith(text(part))],
  ['toJSON', ([value = null]) => JSON.stringify(plain(value), null, 2)],
  ['fromJSON', readJson],
]);
