import { type Names, typeOf } from './check.ts';
import { type Environment, interpret } from './interpret.ts';
import { ExpressionError } from './limits.ts';
import { parse } from './parser.ts';
import { toFloat, toInteger } from './functions.ts';
import type { Node } from './syntax.ts';
import * as t from './types.ts';
import { isTime, kindOf, type Value } from './values.ts';

/** What a provider measured, with the type Argo's would have: a list of floats from a vector, what JSON holds from the web. */
export interface Measured {
  readonly type: t.Type;
  readonly value: Value;
}

export type Answer<Found> = { readonly ok: true; readonly value: Found } | { readonly ok: false; readonly error: string };

const functionTypes: Names['functions'] = new Map([
  ['asInt', { takes: ['any'], gives: t.int }],
  ['asFloat', { takes: ['any'], gives: t.float }],
  ['isNaN', { takes: ['float'], gives: t.bool }],
  ['isInf', { takes: ['float'], gives: t.bool }],
  ['isNil', { takes: ['any'], gives: t.bool }],
  ['default', { takes: ['any', 'any'], gives: t.unknown }],
] as const);

/** Is the condition true of what was measured? Like Argo, `isNil` and `default` look at the whole result whatever they are given. */
export function evaluateCondition(result: Measured, condition: string): Answer<boolean> {
  return answer(() => {
    const node = floated(parse(condition));
    typeOf(node, { values: new Map([['result', result.type]]), functions: functionTypes });
    const value = interpret(node, environment(result.value));
    if (typeof value !== 'boolean') throw new ExpressionError(`expected bool, but got ${kindOf(value)}`);
    return value;
  });
}

/** What is wrong with a condition whatever is measured, or null. For reading a policy before anything runs. */
export function problemOfCondition(type: t.Type, condition: string): string | null {
  const checked = answer(() => {
    const found = typeOf(parse(condition), { values: new Map([['result', type]]), functions: functionTypes });
    if (found.kind !== 'bool' && found.kind !== 'unknown') throw new ExpressionError(`expected bool, but got ${t.nameOf(found)}`);
  });
  return checked.ok ? null : checked.error;
}

/** A moment such as `now() - duration("1h")`, in milliseconds since the epoch. */
export function evaluateMoment(expression: string, now: () => number): Answer<number> {
  return answer(() => {
    const node = parse(expression);
    const functions = new Map([...functionTypes].filter(([name]) => name === 'isNaN' || name === 'isInf'));
    typeOf(node, { values: new Map(), functions });
    const value = interpret(node, { ...environment(null), now });
    if (!isTime(value)) throw new ExpressionError(`expected time.Time, but got ${kindOf(value)}`);
    return value.time;
  });
}

function answer<Found>(work: () => Found): Answer<Found> {
  try {
    return { ok: true, value: work() };
  } catch (error) {
    if (!(error instanceof ExpressionError)) throw error;
    return { ok: false, error: error.at === null ? error.message : `${error.message} (at character ${error.at + 1})` };
  }
}

function environment(result: Value): Environment {
  const float = (work: (value: number) => boolean) => (given: readonly Value[]) => {
    const [value] = given;
    // Go calls these by reflection: an integer is no float there, whatever the type check said.
    if (typeof value !== 'number') throw new ExpressionError(`cannot use ${kindOf(value ?? null)} as type float64`);
    return work(value);
  };
  return {
    values: new Map([['result', result]]),
    functions: new Map<string, (given: readonly Value[]) => Value>([
      ['asInt', ([value = null]) => toInteger(value)],
      ['asFloat', ([value = null]) => toFloat(value)],
      ['isNaN', float(Number.isNaN)],
      ['isInf', float((value) => Math.abs(value) === Number.POSITIVE_INFINITY)],
      ['isNil', () => result === null],
      ['default', ([, otherwise = null]) => (result === null ? otherwise : result)],
    ]),
    now: () => {
      throw new ExpressionError('a condition is about what was measured, and has no clock');
    },
  };
}

/** Whole numbers given to a function that takes a float are floats, as Argo's type check makes them. */
function floated(node: Node): Node {
  const inside = (each: Node): Node => {
    if (each.kind === 'integer') return { kind: 'float', value: Number(each.value), at: each.at };
    if (each.kind === 'unary') return { ...each, operand: inside(each.operand) };
    if (each.kind === 'binary' && ['+', '-', '*'].includes(each.operator))
      return { ...each, left: inside(each.left), right: inside(each.right) };
    return each;
  };
  const walk = <Part>(part: Part): Part => {
    if (Array.isArray(part)) return part.map(walk) as Part;
    if (typeof part !== 'object' || part === null) return part;
    const walked = Object.fromEntries(Object.entries(part).map(([key, value]) => [key, walk(value)])) as Node;
    const takesFloat = walked.kind === 'call' && (walked.name === 'isNaN' || walked.name === 'isInf');
    return (takesFloat ? { ...walked, given: walked.given.map(inside) } : walked) as Part;
  };
  return walk(node);
}
