import { ExpressionError } from './limits.ts';
import { add, order } from './operators.ts';
import type { Scope } from './interpret.ts';
import type { Node } from './syntax.ts';
import { isList, kindOf, type Value } from './values.ts';

type Evaluate = (node: Node, scope: Scope) => Value;

/** The functions that ask their second argument for each element. */
export function overElements(name: string, given: readonly Node[], scope: Scope, evaluate: Evaluate): Value {
  const [collection, predicate, last] = given;
  const found = collection ? evaluate(collection, scope) : null;
  // A text is its bytes, as everywhere in Go.
  const all = typeof found === 'string' ? [...new TextEncoder().encode(found)].map(BigInt) : found;
  if (!isList(all)) throw new ExpressionError(`builtin ${name} takes only array (got ${kindOf(all)})`);
  const value = (element: Value, more: readonly (readonly [string, Value])[] = []): Value =>
    predicate ? evaluate(predicate, { ...scope, pointers: new Map<string, Value>([['', element], ...more]) }) : element;
  const holds = (element: Value): boolean => {
    const asked = value(element);
    if (typeof asked !== 'boolean') throw new ExpressionError(`predicate should return boolean (got ${kindOf(asked)})`);
    return asked;
  };
  switch (name) {
    case 'all':
      return all.every(holds);
    case 'none':
      return !all.some(holds);
    case 'any':
      return all.some(holds);
    case 'one':
      return all.filter(holds).length === 1;
    case 'filter':
      return all.filter(holds);
    case 'map':
      return all.map((element, index) => value(element, [['index', BigInt(index)]]));
    case 'find':
      return all.find(holds) ?? null;
    case 'findLast':
      return all.findLast(holds) ?? null;
    case 'findIndex':
      return place(all.findIndex(holds));
    case 'findLastIndex':
      return place(all.findLastIndex(holds));
    case 'count':
      return BigInt(all.filter(holds).length);
    case 'sum':
      return all.reduce<Value>((sum, element) => add(value(element), sum), 0n);
    case 'sortBy':
      return sorted(all, value, last ? evaluate(last, scope) : 'asc');
    default:
      return reduced(all, value, last ? { from: evaluate(last, scope) } : null);
  }
}

function place(index: number): Value {
  return index < 0 ? null : BigInt(index);
}

function sorted(all: readonly Value[], key: (element: Value) => Value, direction: Value): Value {
  if (direction !== 'asc' && direction !== 'desc')
    throw new ExpressionError(`invalid order ${String(direction)}, expected asc or desc`);
  const sign = direction === 'asc' ? 1 : -1;
  return all
    .map((element) => ({ element, key: key(element) }))
    .sort((one, other) => sign * (order(one.key, other.key, '<') || 0))
    .map(({ element }) => element);
}

function reduced(
  all: readonly Value[],
  value: (element: Value, more: readonly (readonly [string, Value])[]) => Value,
  start: { readonly from: Value } | null,
): Value {
  if (!start && all.length === 0) throw new ExpressionError('reduce of empty array with no initial value');
  let accumulated = start ? start.from : (all[0] ?? null);
  for (const [index, element] of all.entries()) {
    if (!start && index === 0) continue;
    accumulated = value(element, [
      ['acc', accumulated],
      ['index', BigInt(index)],
    ]);
  }
  return accumulated;
}
