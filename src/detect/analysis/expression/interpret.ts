import { overElements } from './elements.ts';
import { callFunction } from './functions.ts';
import { ExpressionError, mostSteps } from './limits.ts';
import * as operators from './operators.ts';
import { settled } from './settled.ts';
import { type Node, predicateFunctions } from './syntax.ts';
import { isList, isMap, kindOf, type Value } from './values.ts';

/** What an expression may ask for while it is evaluated. */
export interface Environment {
  readonly values: ReadonlyMap<string, Value>;
  readonly functions: ReadonlyMap<string, (given: readonly Value[]) => Value>;
  /** Milliseconds since the epoch, for `now()`. */
  readonly now: () => number;
}

/** What a part of an expression is evaluated in. */
export interface Scope extends Environment {
  readonly pointers: ReadonlyMap<string, Value>;
  /** Counts what is done; fails when an expression does too much. */
  spend(steps: number): void;
}

/** The value of an expression whose types were checked. Fails where Argo's virtual machine panics, and when it does too much. */
export function interpret(node: Node, environment: Environment): Value {
  let left = mostSteps;
  const spend = (steps: number): void => {
    left -= steps;
    if (left < 0) throw new ExpressionError(`the expression needs more than ${mostSteps} steps`);
  };
  return evaluate(node, { ...environment, pointers: new Map(), spend });
}

/** A chain that ended early, at an optional member of nothing. */
const cut = Symbol('cut');

function evaluate(node: Node, scope: Scope): Value {
  scope.spend(1);
  switch (node.kind) {
    case 'nil':
      return null;
    case 'bool':
    case 'integer':
    case 'float':
    case 'string':
      return node.value;
    case 'identifier':
      return scope.values.get(node.name) ?? null;
    case 'unary':
      return unary(node.operator, evaluate(node.operand, scope));
    case 'binary':
      return binary(node, scope);
    case 'chain': {
      const found = link(node.links, scope);
      return found === cut ? null : found;
    }
    case 'member':
      return elementAt(evaluate(node.of, scope), evaluate(node.property, scope));
    case 'slice':
      return slice(node, scope);
    case 'call':
      return callEnvironment(node, scope);
    case 'builtin':
      return predicateFunctions.has(node.name)
        ? overElements(node.name, node.given, scope, evaluate)
        : callFunction(
            node.name,
            node.given.map((each) => evaluate(each, scope)),
            scope,
          );
    case 'predicate':
      return evaluate(node.body, scope);
    case 'pointer':
      return scope.pointers.get(node.name) ?? null;
    case 'let':
      return evaluate(node.body, { ...scope, values: new Map([...scope.values, [node.name, evaluate(node.value, scope)]]) });
    case 'sequence':
      return node.nodes.map((each) => evaluate(each, scope)).at(-1) ?? null;
    case 'conditional':
      return evaluate(truth(evaluate(node.condition, scope)) ? node.yes : node.no, scope);
    case 'array':
      return node.items.map((item) => evaluate(item, scope));
    case 'map':
      return new Map(node.pairs.map(({ key, value }) => [text(evaluate(key, scope)), evaluate(value, scope)]));
  }
}

function link(node: Node, scope: Scope): Value | typeof cut {
  if (node.kind !== 'member') return evaluate(node, scope);
  scope.spend(1);
  const of = link(node.of, scope);
  if (of === cut || (node.optional && of === null)) return cut;
  return elementAt(of, evaluate(node.property, scope));
}

export function truth(value: Value): boolean {
  if (typeof value === 'boolean') return value;
  throw new ExpressionError(`${kindOf(value)} is used where a bool is wanted`);
}

function text(value: Value): string {
  if (typeof value === 'string') return value;
  throw new ExpressionError(`${kindOf(value)} is used as a key`);
}

function unary(operator: string, operand: Value): Value {
  if (operator === '!' || operator === 'not') return !truth(operand);
  return operator === '-' ? operators.negate(operand) : operand;
}

function binary(node: Extract<Node, { kind: 'binary' }>, scope: Scope): Value {
  const { operator, left, right } = node;
  const known = settled(node);
  if (known !== null) return known;
  const first = evaluate(left, scope);
  if (operator === '??') return first ?? evaluate(right, scope);
  if (operator === 'or' || operator === '||') return truth(first) || evaluate(right, scope);
  if (operator === 'and' || operator === '&&') return truth(first) && evaluate(right, scope);
  return operate(operator, first, evaluate(right, scope), scope);
}

function operate(operator: string, left: Value, right: Value, scope: Scope): Value {
  switch (operator) {
    case '==':
      return operators.equal(left, right);
    case '!=':
      return !operators.equal(left, right);
    case '<':
      return operators.order(left, right, operator) < 0;
    case '>':
      return operators.order(left, right, operator) > 0;
    case '<=':
      return operators.order(left, right, operator) <= 0;
    case '>=':
      return operators.order(left, right, operator) >= 0;
    case '+': {
      const sum = operators.add(left, right);
      if (typeof sum === 'string') scope.spend(sum.length);
      return sum;
    }
    case '-':
      return operators.subtract(left, right);
    case '*':
      return operators.multiply(left, right);
    case '/':
      return operators.toFloat(left) / operators.toFloat(right);
    case '%':
      return operators.remainder(left, right);
    case '**':
    case '^':
      return operators.power(operators.toFloat(left), operators.toFloat(right));
    case '..':
      return range(operators.toInteger(left), operators.toInteger(right), scope);
    case 'in':
      if (isList(right)) scope.spend(right.length);
      return operators.isIn(left, right);
    default:
      if (typeof left === 'string') scope.spend(operator === 'matches' ? 50 * left.length : left.length);
      return operators.inText(operator, left, right);
  }
}

function range(from: bigint, to: bigint, scope: Scope): Value {
  if (to < from) return [];
  scope.spend(Number(to - from) + 1);
  return Array.from({ length: Number(to - from) + 1 }, (_each, index) => from + BigInt(index));
}

/** The element or field; nothing where a map has no such key, an error beyond the end of a list. */
export function elementAt(of: Value, property: Value): Value {
  if (isMap(of)) return of.get(property === null ? '' : text(property)) ?? null;
  const all = typeof of === 'string' ? [...new TextEncoder().encode(of)].map(BigInt) : of;
  if (!isList(all)) throw new ExpressionError(`cannot fetch ${String(property)} from ${kindOf(of)}`);
  const index = Number(operators.toInteger(property));
  const place = index < 0 ? all.length + index : index;
  if (place < 0 || place >= all.length) throw new ExpressionError(`index out of range: ${index} (array length is ${all.length})`);
  return all[place] ?? null;
}

function slice({ of, from, to }: Extract<Node, { kind: 'slice' }>, scope: Scope): Value {
  const whole = evaluate(of, scope);
  const bytes = typeof whole === 'string' ? new TextEncoder().encode(whole) : null;
  if (!bytes && !isList(whole)) throw new ExpressionError(`cannot slice ${kindOf(whole)}`);
  const { length } = bytes ?? (whole as readonly Value[]);
  const place = (node: Node | null, otherwise: number): number => {
    const index = node === null ? otherwise : Number(operators.toInteger(evaluate(node, scope)));
    return Math.min(length, Math.max(0, index < 0 ? length + index : index));
  };
  const end = place(to, length);
  const start = Math.min(place(from, 0), end);
  return bytes ? new TextDecoder().decode(bytes.slice(start, end)) : (whole as readonly Value[]).slice(start, end);
}

function callEnvironment({ name, given, at }: Extract<Node, { kind: 'call' }>, scope: Scope): Value {
  const called = scope.functions.get(name);
  if (!called) throw new ExpressionError(`unknown name ${name}`, at);
  return called(given.map((each) => evaluate(each, scope)));
}
