import { ExpressionError } from './limits.ts';
import { patternOf } from './operators.ts';
import type { Node } from './syntax.ts';
import * as t from './types.ts';
import type { Type } from './types.ts';

type Binary = Extract<Node, { readonly kind: 'binary' }>;

export function typeOfUnary(operator: string, operand: Type, at: number): Type {
  const fits = operator === '!' || operator === 'not' ? operand.kind === 'bool' : t.isNumber(operand);
  if (fits) return operand;
  if (operand.kind === 'unknown') return operator === '!' || operator === 'not' ? t.bool : t.unknown;
  throw new ExpressionError(`invalid operation: ${operator} (mismatched type ${t.nameOf(operand)})`, at);
}

/** The type of an operation, or the error that its sides do not fit. */
export function typeOfBinary(node: Binary, left: Type, right: Type): Type {
  const found = result(node, left, right);
  if (found) return found;
  throw new ExpressionError(
    `invalid operation: ${node.operator} (mismatched types ${t.nameOf(left)} and ${t.nameOf(right)})`,
    node.at,
  );
}

function result(node: Binary, left: Type, right: Type): Type | null {
  const both = (kind: Type['kind']): boolean => left.kind === kind && right.kind === kind;
  const numbers = t.isNumber(left) && t.isNumber(right);
  switch (node.operator) {
    case '==':
    case '!=':
      return t.comparable(left, right) ? t.bool : null;
    case 'or':
    case '||':
    case 'and':
    case '&&':
      return both('bool') || t.maybe(left, right, 'bool') ? t.bool : null;
    case '<':
    case '>':
    case '>=':
    case '<=':
      return numbers ||
        both('string') ||
        both('time') ||
        both('duration') ||
        t.maybe(left, right, 'int', 'float', 'string', 'time', 'duration')
        ? t.bool
        : null;
    case '+':
    case '-':
    case '*':
      return arithmetic(node.operator, left, right);
    case '/':
    case '**':
    case '^':
      return numbers || t.maybe(left, right, 'int', 'float') ? t.float : null;
    case '%':
      return both('int') || t.maybe(left, right, 'int') ? t.int : null;
    case '..':
      return both('int') || t.maybe(left, right, 'int') ? t.listOf(t.int) : null;
    case 'in':
      return membership(node, left, right);
    case 'matches':
      if (node.right.kind === 'string') patternOf(node.right.value, node.at);
      return both('string') || t.maybe(left, right, 'string') ? t.bool : null;
    case 'contains':
    case 'startsWith':
    case 'endsWith':
      return both('string') || t.maybe(left, right, 'string') ? t.bool : null;
    case '??':
      if (left.kind === 'nil') return right;
      return right.kind === 'nil' || t.assignable(right, left) ? left : t.unknown;
    default:
      return null;
  }
}

function arithmetic(operator: '+' | '-' | '*', left: Type, right: Type): Type | null {
  const kinds = `${left.kind} ${right.kind}`;
  if (t.isNumber(left) && t.isNumber(right)) return left.kind === 'float' || right.kind === 'float' ? t.float : t.int;
  if (kinds === 'duration duration') return t.duration;
  if (operator === '*') {
    const scaled = (left.kind === 'duration' && t.isNumber(right)) || (right.kind === 'duration' && t.isNumber(left));
    return scaled ? t.duration : t.maybe(left, right, 'int', 'float', 'duration') ? t.unknown : null;
  }
  if (kinds === 'time duration' || (operator === '+' && kinds === 'duration time')) return t.time;
  if (operator === '-' && kinds === 'time time') return t.duration;
  if (operator === '+' && kinds === 'string string') return t.string;
  const more: readonly Type['kind'][] = operator === '+' ? ['string'] : [];
  return t.maybe(left, right, 'int', 'float', 'time', 'duration', ...more) ? t.unknown : null;
}

function membership({ at }: Binary, left: Type, right: Type): Type | null {
  if (right.kind === 'map') {
    if (left.kind !== 'unknown' && left.kind !== 'string')
      throw new ExpressionError(`cannot use ${t.nameOf(left)} as type string in map key`, at);
    return t.bool;
  }
  if (right.kind === 'array') {
    if (!t.comparable(left, right.of))
      throw new ExpressionError(`cannot use ${t.nameOf(left)} as type ${t.nameOf(right.of)} in array`, at);
    return t.bool;
  }
  return right.kind === 'unknown' || (left.kind === 'unknown' && right.kind === 'string') ? t.bool : null;
}
