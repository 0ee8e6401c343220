import { ExpressionError } from './limits.ts';
import { elementAt } from './interpret.ts';
import { equal, order, toInteger } from './operators.ts';
import { isList, isMap, isNumeric, kindOf, type Value } from './values.ts';

type Called = (given: readonly Value[]) => Value;

function list(name: string, value: Value | undefined): readonly Value[] {
  if (value !== undefined && isList(value)) return value;
  throw new ExpressionError(`invalid argument for ${name} (type ${kindOf(value ?? null)})`);
}

/** Every number in the arguments, lists in lists included. */
function numbers(name: string, given: readonly Value[]): readonly (bigint | number)[] {
  return given.flatMap((each) => {
    if (isNumeric(each)) return [each];
    if (isList(each)) return numbers(name, each);
    throw new ExpressionError(`invalid argument for ${name} (type ${kindOf(each)})`);
  });
}

function extreme(name: string, sign: 1 | -1): Called {
  return (given) => {
    if (given.length === 1 && !isNumeric(given[0] ?? null) && !isList(given[0] ?? null)) return given[0] ?? null;
    return numbers(name, given).reduce<Value>(
      (best, each) => (best === null || sign * order(each, best, '<') > 0 ? each : best),
      null,
    );
  };
}

function mean(given: readonly Value[]): Value {
  const all = numbers('mean', given).map(Number);
  return all.length === 0 ? 0 : all.reduce((sum, each) => sum + each, 0) / all.length;
}

function median(given: readonly Value[]): Value {
  const all = numbers('median', given)
    .map(Number)
    .sort((one, other) => (Number.isNaN(one) ? -1 : Number.isNaN(other) ? 1 : one - other));
  if (all.length === 0) return 0;
  const middle = Math.floor(all.length / 2);
  const upper = all[middle] ?? 0;
  return all.length % 2 === 1 ? upper : ((all[middle - 1] ?? 0) + upper) / 2;
}

function end(index: bigint): Called {
  return ([all = null]) => {
    if (isList(all) || typeof all === 'string') return all.length === 0 ? null : elementAt(all, index);
    return null;
  };
}

/** As fetching, but nothing where there is nothing. */
function get([of = null, key = null]: readonly Value[]): Value {
  if (isMap(of)) {
    if (typeof key !== 'string' && key !== null) throw new ExpressionError(`cannot use ${kindOf(key)} as a key`);
    return of.get(key ?? '') ?? null;
  }
  if (!isList(of) && typeof of !== 'string') return null;
  const index = Number(toInteger(key));
  const { length } = typeof of === 'string' ? new TextEncoder().encode(of) : of;
  const place = index < 0 ? length + index : index;
  return place >= 0 && place < length ? elementAt(of, BigInt(place)) : null;
}

function take([all, count = null]: readonly Value[]): Value {
  if (typeof count !== 'bigint' || count < 0n) throw new ExpressionError(`cannot take ${String(count)} elements`);
  return list('take', all).slice(0, Number(count));
}

function sort([all, direction = 'asc']: readonly Value[]): Value {
  if (direction !== 'asc' && direction !== 'desc')
    throw new ExpressionError(`invalid order ${String(direction)}, expected asc or desc`);
  const sign = direction === 'asc' ? 1 : -1;
  return [...list('sort', all)].sort((one, other) => sign * (order(one, other, '<') || 0));
}

function uniq([all]: readonly Value[]): Value {
  return list('uniq', all).filter(
    (each, index, whole) => whole.findIndex((other) => equal(other, each)) === index || Number.isNaN(each),
  );
}

function flatten([all]: readonly Value[]): Value {
  return list('flatten', all).flatMap((each) => (isList(each) ? (flatten([each]) as readonly Value[]) : [each]));
}

function map(name: string, value: Value | undefined): ReadonlyMap<string, Value> {
  if (value !== undefined && isMap(value)) return value;
  throw new ExpressionError(`cannot get ${name} from ${kindOf(value ?? null)}`);
}

export const listFunctions: ReadonlyMap<string, Called> = new Map<string, Called>([
  ['max', extreme('max', 1)],
  ['min', extreme('min', -1)],
  ['mean', mean],
  ['median', median],
  ['first', end(0n)],
  ['last', end(-1n)],
  ['get', get],
  ['take', take],
  ['keys', ([value]) => [...map('keys', value).keys()]],
  ['values', ([value]) => [...map('values', value).values()]],
  ['reverse', ([all]) => list('reverse', all).toReversed()],
  ['uniq', uniq],
  ['concat', (given) => given.flatMap((each) => list('concat', each))],
  ['flatten', flatten],
  ['sort', sort],
]);
