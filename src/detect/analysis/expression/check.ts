import { typeOfBinary, typeOfUnary } from './check-operation.ts';
import { typeOfFunction } from './function-types.ts';
import { ExpressionError } from './limits.ts';
import { type Node, predicateFunctions } from './syntax.ts';
import * as t from './types.ts';
import type { Type } from './types.ts';

/** What an expression may name: values with their types, and functions of the environment. */
export interface Names {
  readonly values: ReadonlyMap<string, Type>;
  readonly functions: ReadonlyMap<string, { readonly takes: readonly ('any' | 'float')[]; readonly gives: Type }>;
}

interface Scope extends Names {
  /** What `#NAME` is in the innermost predicate; null outside of one. */
  readonly pointers: ReadonlyMap<string, Type> | null;
}

/** The type of an expression, before it is evaluated. Fails where Argo's compile step fails. */
export function typeOf(node: Node, names: Names): Type {
  return check(node, { ...names, pointers: null });
}

function check(node: Node, scope: Scope): Type {
  switch (node.kind) {
    case 'nil':
      return t.nil;
    case 'bool':
      return t.bool;
    case 'integer':
      return t.int;
    case 'float':
      return t.float;
    case 'string':
      return t.string;
    case 'identifier':
      return scope.values.get(node.name) ?? unknownName(node.name, node.at, scope);
    case 'unary':
      return typeOfUnary(node.operator, check(node.operand, scope), node.at);
    case 'binary':
      return typeOfBinary(node, check(node.left, scope), check(node.right, scope));
    case 'chain':
      return check(node.links, scope);
    case 'member':
      return member(node, check(node.of, scope), check(node.property, scope));
    case 'slice':
      return slice(node, scope);
    case 'call':
      return call(node, scope);
    case 'builtin':
      return builtin(node, scope);
    case 'predicate':
      return check(node.body, scope);
    case 'pointer':
      return pointer(node, scope);
    case 'let':
      return declare(node, scope);
    case 'sequence':
      return node.nodes.map((each) => check(each, scope)).at(-1) ?? t.unknown;
    case 'conditional':
      return conditional(node, scope);
    case 'array':
      return array(node.items.map((item) => check(item, scope)));
    case 'map':
      for (const { key, value } of node.pairs) check(key, scope), check(value, scope);
      return t.map;
  }
}

function unknownName(name: string, at: number, scope: Scope): never {
  const known = scope.functions.has(name) || typeOfFunction(name, []) !== `unknown builtin ${name}`;
  throw new ExpressionError(known ? `${name} is a function, and is not called` : `unknown name ${name}`, at);
}

function member(node: Extract<Node, { kind: 'member' }>, of: Type, property: Type): Type {
  const { at } = node;
  switch (of.kind) {
    case 'unknown':
      return t.unknown;
    case 'map':
      if (property.kind === 'string' || property.kind === 'unknown') return t.unknown;
      throw new ExpressionError(`cannot use ${t.nameOf(property)} to get an element from ${t.nameOf(of)}`, at);
    case 'array':
      if (property.kind === 'int' || property.kind === 'unknown') return of.of;
      throw new ExpressionError(`array elements can only be selected using an integer (got ${t.nameOf(property)})`, at);
    default: {
      const what =
        node.property.kind === 'string' ? ` has no field ${node.property.value}` : `[${t.nameOf(property)}] is undefined`;
      throw new ExpressionError(`type ${of.kind === 'nil' ? 'nil' : t.nameOf(of)}${what}`, at);
    }
  }
}

function slice(node: Extract<Node, { kind: 'slice' }>, scope: Scope): Type {
  const of = check(node.of, scope);
  const ends = [node.from, node.to].filter((each) => each !== null).map((each) => check(each, scope));
  if (of.kind === 'unknown') return of;
  if (of.kind !== 'array' && of.kind !== 'string') throw new ExpressionError(`cannot slice ${t.nameOf(of)}`, node.at);
  const wrong = ends.find(({ kind }) => kind !== 'int' && kind !== 'unknown');
  if (wrong) throw new ExpressionError(`non-integer slice index ${t.nameOf(wrong)}`, node.at);
  return of;
}

function call({ name, given, at }: Extract<Node, { kind: 'call' }>, scope: Scope): Type {
  const types = given.map((each) => check(each, scope));
  const known = scope.functions.get(name);
  if (!known) {
    const value = scope.values.get(name);
    throw new ExpressionError(value ? `${t.nameOf(value)} is not callable` : `unknown name ${name}`, at);
  }
  if (types.length !== known.takes.length)
    throw new ExpressionError(`${types.length > known.takes.length ? 'too many' : 'not enough'} arguments to call ${name}`, at);
  const wrong = types.find((type, index) => known.takes[index] === 'float' && !t.isNumber(type) && type.kind !== 'unknown');
  if (wrong) throw new ExpressionError(`cannot use ${t.nameOf(wrong)} as argument (type float64) to call ${name}`, at);
  return known.gives;
}

function builtin(node: Extract<Node, { kind: 'builtin' }>, scope: Scope): Type {
  if (predicateFunctions.has(node.name)) return overElements(node, scope);
  const found = typeOfFunction(
    node.name,
    node.given.map((each) => check(each, scope)),
  );
  if (typeof found === 'string') throw new ExpressionError(found, node.at);
  return found;
}

const asking: ReadonlySet<string> = new Set([
  'all',
  'none',
  'any',
  'one',
  'filter',
  'find',
  'findLast',
  'findIndex',
  'findLastIndex',
  'count',
]);

function overElements({ name, given, at }: Extract<Node, { kind: 'builtin' }>, scope: Scope): Type {
  const [collection, predicate, last] = given;
  const of = collection ? check(collection, scope) : t.unknown;
  if (of.kind !== 'array' && of.kind !== 'unknown')
    throw new ExpressionError(`builtin ${name} takes only array (got ${t.nameOf(of)})`, at);
  const element = t.elementOf(of);
  const pointers = new Map<string, Type>([['', element]]);
  if (name === 'map' || name === 'reduce') pointers.set('index', t.int);
  if (name === 'reduce') pointers.set('acc', t.unknown);
  const asked = predicate ? check(predicate, { ...scope, pointers }) : null;
  const order = last ? check(last, scope) : null;
  // What Argo's compiler wants of a predicate: it gives something, and where it is asked for a yes or no, that.
  if (asked?.kind === 'nil') throw new ExpressionError('predicate should has one input and one output param', at);
  if (asked && asking.has(name) && asked.kind !== 'bool' && asked.kind !== 'unknown')
    throw new ExpressionError(`predicate should return boolean (got ${t.nameOf(asked)})`, at);
  if (name === 'sortBy' && order && order.kind !== 'string' && order.kind !== 'unknown')
    throw new ExpressionError(`sortBy order argument must be a string (got ${t.nameOf(order)})`, at);
  return outOf(name, of, element, asked);
}

function outOf(name: string, of: Type, element: Type, asked: Type | null): Type {
  switch (name) {
    case 'filter':
      return t.listOf(element);
    case 'map':
      return t.listOf(asked ?? t.unknown);
    case 'count':
    case 'findIndex':
    case 'findLastIndex':
      return t.int;
    case 'find':
    case 'findLast':
      return element;
    case 'sum':
      return asked ?? element;
    case 'reduce':
      return asked ?? t.unknown;
    case 'sortBy':
      return of;
    default:
      return t.bool;
  }
}

function pointer({ name, at }: Extract<Node, { kind: 'pointer' }>, { pointers }: Scope): Type {
  if (!pointers) throw new ExpressionError('cannot use # outside of a predicate', at);
  const found = pointers.get(name);
  if (!found) throw new ExpressionError(`unknown pointer #${name}`, at);
  return found;
}

function declare({ name, value, body, at }: Extract<Node, { kind: 'let' }>, scope: Scope): Type {
  const taken = scope.values.has(name) || scope.functions.has(name) || predicateFunctions.has(name);
  if (taken || typeOfFunction(name, []) !== `unknown builtin ${name}`) throw new ExpressionError(`cannot redeclare ${name}`, at);
  return check(body, { ...scope, values: new Map([...scope.values, [name, check(value, scope)]]) });
}

function conditional({ condition, yes, no, at }: Extract<Node, { kind: 'conditional' }>, scope: Scope): Type {
  const asked = check(condition, scope);
  if (asked.kind !== 'bool' && asked.kind !== 'unknown')
    throw new ExpressionError(`non-bool expression (type ${t.nameOf(asked)}) used as condition`, at);
  const one = check(yes, scope);
  const other = check(no, scope);
  if (one.kind === 'nil') return other;
  if (other.kind === 'nil') return one;
  if (!t.assignable(one, other)) return t.unknown;
  const [inOne, inOther] = [t.elementOf(one), t.elementOf(other)];
  return one.kind === 'array' && !(t.assignable(inOne, inOther) && t.assignable(inOther, inOne)) ? t.list : one;
}

function array(items: readonly Type[]): Type {
  const same = items.every(({ kind }) => kind === items[0]?.kind);
  return same ? t.listOf(items.at(-1) ?? t.unknown) : t.list;
}
