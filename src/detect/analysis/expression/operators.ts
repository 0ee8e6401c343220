import { compilePattern } from '../pattern/pattern.ts';
import { PatternError } from '../pattern/pattern-syntax.ts';
import { ExpressionError } from './limits.ts';
import { isDuration, isList, isMap, isNumeric, isTime, kindOf, truncated, type Value } from './values.ts';

export function toFloat(value: Value): number {
  if (isNumeric(value)) return Number(value);
  throw new ExpressionError(`invalid operation: float(${kindOf(value)})`);
}

export function toInteger(value: Value): bigint {
  if (typeof value === 'bigint') return value;
  if (typeof value === 'number') return truncated(value);
  throw new ExpressionError(`invalid operation: int(${kindOf(value)})`);
}

/** Integers and floats are compared by what they are worth, lists by their elements. */
export function equal(left: Value, right: Value): boolean {
  if (isNumeric(left) && isNumeric(right)) return typeof left === typeof right ? left === right : Number(left) === Number(right);
  if (isList(left) && isList(right))
    return left.length === right.length && left.every((each, index) => equal(each, right[index] ?? null));
  if (isMap(left) && isMap(right))
    return left.size === right.size && [...left].every(([key, value]) => right.has(key) && same(value, right.get(key) ?? null));
  if (isTime(left) && isTime(right)) return left.time === right.time;
  if (isDuration(left) && isDuration(right)) return left.duration === right.duration;
  return left === right;
}

/** Inside a map Go compares deeply, and 1 is not 1.0 there. */
function same(left: Value, right: Value): boolean {
  return kindOf(left) === kindOf(right) && equal(left, right);
}

/** Less than zero, zero, more than zero; NaN where there is no order. */
export function order(left: Value, right: Value, operator: string): number {
  if (isNumeric(left) && isNumeric(right)) {
    if (typeof left === 'bigint' && typeof right === 'bigint') return left < right ? -1 : left > right ? 1 : 0;
    const [one, other] = [Number(left), Number(right)];
    return one < other ? -1 : one > other ? 1 : one === other ? 0 : Number.NaN;
  }
  if (typeof left === 'string' && typeof right === 'string') return left < right ? -1 : left > right ? 1 : 0;
  if (isTime(left) && isTime(right)) return left.time - right.time;
  if (isDuration(left) && isDuration(right)) return Number(left.duration - right.duration);
  throw mismatch(operator, left, right);
}

export function add(left: Value, right: Value): Value {
  if (typeof left === 'bigint' && typeof right === 'bigint') return BigInt.asIntN(64, left + right);
  if (isNumeric(left) && isNumeric(right)) return Number(left) + Number(right);
  if (typeof left === 'string' && typeof right === 'string') return left + right;
  if (isTime(left) && isDuration(right)) return { time: left.time + Number(right.duration) / 1e6 };
  if (isDuration(left) && isTime(right)) return add(right, left);
  if (isDuration(left) && isDuration(right)) return { duration: BigInt.asIntN(64, left.duration + right.duration) };
  throw mismatch('+', left, right);
}

export function subtract(left: Value, right: Value): Value {
  if (typeof left === 'bigint' && typeof right === 'bigint') return BigInt.asIntN(64, left - right);
  if (isNumeric(left) && isNumeric(right)) return Number(left) - Number(right);
  if (isTime(left) && isTime(right)) return { duration: BigInt(Math.round((left.time - right.time) * 1e6)) };
  if (isTime(left) && isDuration(right)) return { time: left.time - Number(right.duration) / 1e6 };
  if (isDuration(left) && isDuration(right)) return { duration: BigInt.asIntN(64, left.duration - right.duration) };
  throw mismatch('-', left, right);
}

export function multiply(left: Value, right: Value): Value {
  if (typeof left === 'bigint' && typeof right === 'bigint') return BigInt.asIntN(64, left * right);
  if (isNumeric(left) && isNumeric(right)) return Number(left) * Number(right);
  if (isDuration(left) && isDuration(right)) return { duration: BigInt.asIntN(64, left.duration * right.duration) };
  if (isDuration(left) && isNumeric(right)) return { duration: truncated(Number(left.duration) * Number(right)) };
  if (isNumeric(left) && isDuration(right)) return multiply(right, left);
  throw mismatch('*', left, right);
}

export function remainder(left: Value, right: Value): Value {
  if (typeof left !== 'bigint' || typeof right !== 'bigint') throw mismatch('%', left, right);
  if (right === 0n) throw new ExpressionError('integer divide by zero');
  return left % right;
}

/** Go's: one to whatever power is one, and minus one to an infinite one too. */
export function power(base: number, exponent: number): number {
  if (base === 1 || (base === -1 && Math.abs(exponent) === Number.POSITIVE_INFINITY)) return 1;
  return base ** exponent;
}

export function negate(value: Value): Value {
  if (typeof value === 'bigint') return BigInt.asIntN(64, -value);
  if (typeof value === 'number') return -value;
  throw new ExpressionError(`invalid operation: - ${kindOf(value)}`);
}

export function isIn(needle: Value, all: Value): boolean {
  if (all === null) return false;
  if (isList(all)) return all.some((each) => equal(each, needle));
  if (isMap(all)) {
    if (typeof needle === 'string' || needle === null) return all.has(needle ?? '');
    throw new ExpressionError(`cannot use ${kindOf(needle)} as a key`);
  }
  throw new ExpressionError(`operator "in" not defined on ${kindOf(all)}`);
}

/** contains, startsWith, endsWith, matches: nothing has nothing in it. */
export function inText(operator: string, left: Value, right: Value): boolean {
  if (left === null || right === null) return false;
  if (typeof left !== 'string' || typeof right !== 'string') throw mismatch(operator, left, right);
  if (operator === 'contains') return left.includes(right);
  if (operator === 'startsWith') return left.startsWith(right);
  if (operator === 'endsWith') return left.endsWith(right);
  return patternOf(right).test(left);
}

export function patternOf(pattern: string, at: number | null = null): { test(text: string): boolean } {
  try {
    return compilePattern(pattern);
  } catch (error) {
    if (error instanceof PatternError) throw new ExpressionError(`the pattern ${JSON.stringify(pattern)}: ${error.message}`, at);
    throw error;
  }
}

function mismatch(operator: string, left: Value, right: Value): ExpressionError {
  return new ExpressionError(`invalid operation: ${kindOf(left)} ${operator} ${kindOf(right)}`);
}
