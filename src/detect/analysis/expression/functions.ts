import { ExpressionError } from './limits.ts';
import { bitFunctions } from './bit-functions.ts';
import { dateOf } from './dates.ts';
import { goText } from './go-text.ts';
import { listFunctions } from './list-functions.ts';
import { parseFloating, parseInteger } from './numerals.ts';
import { textFunctions } from './text-functions.ts';
import type { Scope } from './interpret.ts';
import { goDuration } from '../go-duration.ts';
import { isDuration, isList, isMap, isNumeric, isTime, kindOf, truncated, type Value } from './values.ts';

/** A function of the language, its arguments evaluated. Fails where Go panics. */
export function callFunction(name: string, given: readonly Value[], scope: Scope): Value {
  const [first = null] = given;
  scope.spend(weight(given));
  switch (name) {
    case 'len':
      return length(first);
    case 'type':
      return typeName(first);
    case 'abs':
      return typeof first === 'bigint' ? (first < 0n ? -first : first) : Math.abs(float(first, name));
    case 'ceil':
      return typeof first === 'bigint' ? Number(first) : Math.ceil(float(first, name));
    case 'floor':
      return typeof first === 'bigint' ? Number(first) : Math.floor(float(first, name));
    case 'round':
      return round(float(first, name));
    case 'int':
      return toInteger(first);
    case 'float':
      return toFloat(first);
    case 'string':
      return goText(first);
    case 'now':
      return { time: scope.now() };
    case 'date':
      return dateOf(given);
    case 'duration':
      return durationOf(first);
    default: {
      const called = listFunctions.get(name) ?? textFunctions.get(name) ?? bitFunctions.get(name);
      if (!called) throw new ExpressionError(`unknown builtin ${name}`);
      const made = called(given);
      scope.spend(weight([made]));
      return made;
    }
  }
}

function weight(values: readonly Value[]): number {
  return values.reduce<number>((sum, each) => sum + (typeof each === 'string' || isList(each) ? each.length : 1), 0);
}

function length(value: Value): Value {
  if (typeof value === 'string') return BigInt(Array.from(value).length);
  if (isList(value)) return BigInt(value.length);
  if (isMap(value)) return BigInt(value.size);
  throw new ExpressionError(`invalid argument for len (type ${kindOf(value)})`);
}

function typeName(value: Value): string {
  if (value === null) return 'nil';
  if (isTime(value) || isDuration(value)) return kindOf(value);
  if (isMap(value)) return 'map';
  return typeof value === 'number' ? 'float' : kindOf(value);
}

function float(value: Value, name: string): number {
  if (isNumeric(value)) return Number(value);
  throw new ExpressionError(`invalid argument for ${name} (type ${kindOf(value)})`);
}

/** Half away from zero. */
function round(value: number): number {
  return Math.sign(value) * Math.round(Math.abs(value));
}

export function toInteger(value: Value): bigint {
  if (typeof value === 'bigint') return value;
  if (typeof value === 'number') return truncated(value);
  const read = typeof value === 'string' ? parseInteger(value) : null;
  if (read === null) throw new ExpressionError(`invalid operation: int(${kindOf(value)})`);
  return read;
}

export function toFloat(value: Value): number {
  if (isNumeric(value)) return Number(value);
  const read = typeof value === 'string' ? parseFloating(value) : null;
  if (read === null) throw new ExpressionError(`invalid operation: float(${kindOf(value)})`);
  return read;
}

function durationOf(value: Value): Value {
  const read = typeof value === 'string' ? goDuration(value) : 'it is no text';
  if (typeof read === 'string') throw new ExpressionError(read);
  return { duration: BigInt(Math.round(read * 1e6)) };
}
