import { ExpressionError } from './limits.ts';
import { kindOf, type Value } from './values.ts';

type Called = (given: readonly Value[]) => Value;

function integer(value: Value | undefined): bigint {
  if (typeof value === 'bigint') return value;
  throw new ExpressionError(`cannot use ${kindOf(value ?? null)} as argument (type int)`);
}

function both(work: (left: bigint, right: bigint) => bigint): Called {
  return ([left, right]) => BigInt.asIntN(64, work(integer(left), integer(right)));
}

function shift(work: (value: bigint, by: bigint) => bigint): Called {
  return both((value, by) => {
    if (by < 0n) throw new ExpressionError(`invalid operation: negative shift count ${by}`);
    return work(value, by > 64n ? 64n : by);
  });
}

export const bitFunctions: ReadonlyMap<string, Called> = new Map<string, Called>([
  ['bitand', both((left, right) => left & right)],
  ['bitor', both((left, right) => left | right)],
  ['bitxor', both((left, right) => left ^ right)],
  ['bitnand', both((left, right) => left & ~right)],
  ['bitshl', shift((value, by) => value << by)],
  ['bitshr', shift((value, by) => value >> by)],
  ['bitushr', shift((value, by) => BigInt.asUintN(64, value) >> by)],
  ['bitnot', ([value]) => ~integer(value)],
]);
