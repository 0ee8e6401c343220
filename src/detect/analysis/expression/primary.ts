import { parseCall } from './calls.ts';
import { ExpressionError } from './limits.ts';
import { readNumber } from './numerals.ts';
import type { Reader } from './reader.ts';
import { type Node, unaryPrecedence } from './syntax.ts';

/** An operand: a literal, a name, a call, something in brackets, with the members and slices that follow it. */
export function parsePrimary(reader: Reader): Node {
  return reader.nested(() => {
    const token = reader.current();
    const binds = token.kind === 'operator' ? unaryPrecedence.get(token.text) : undefined;
    if (binds !== undefined) {
      reader.take();
      const operand = reader.expression(binds);
      return parsePostfix(reader, reader.make({ kind: 'unary', operator: token.text, operand, at: token.at }));
    }
    if (reader.accept('bracket', '(')) {
      const inner = reader.sequence();
      reader.expect('bracket', ')');
      return parsePostfix(reader, inner);
    }
    if (reader.predicates() > 0 && (reader.is('operator', '#') || reader.is('operator', '.'))) return parsePointer(reader);
    if (reader.accept('operator', '::')) return parsePostfix(reader, parseCall(reader, reader.expect('identifier'), []));
    return parseOperand(reader);
  });
}

/** A name right behind `#` belongs to it; a lone `.` stands for `#.`. */
function parsePointer(reader: Reader): Node {
  const { at } = reader.current();
  const hash = reader.accept('operator', '#');
  const named = hash && reader.is('identifier') && reader.current().at === at + 1;
  return parsePostfix(reader, reader.make({ kind: 'pointer', name: named ? reader.take().text : '', at }));
}

function parseOperand(reader: Reader): Node {
  const { kind, text, at } = reader.current();
  switch (kind) {
    case 'identifier':
      return parseName(reader);
    case 'number':
      reader.take();
      return reader.make(readNumber(text, at));
    case 'string':
      reader.take();
      return parsePostfix(reader, reader.make({ kind: 'string', value: text, at }));
    default:
      if (reader.is('bracket', '[')) return parsePostfix(reader, parseArray(reader));
      if (reader.is('bracket', '{')) return parsePostfix(reader, parseMap(reader));
      return reader.unexpected();
  }
}

function parseName(reader: Reader): Node {
  const token = reader.take();
  const { text, at } = token;
  if (text === 'true' || text === 'false') return reader.make({ kind: 'bool', value: text === 'true', at });
  if (text === 'nil') return reader.make({ kind: 'nil', at });
  if (reader.is('bracket', '(')) return parsePostfix(reader, parseCall(reader, token, []));
  return parsePostfix(reader, reader.make({ kind: 'identifier', name: text, at }));
}

function parseArray(reader: Reader): Node {
  const { at } = reader.expect('bracket', '[');
  const items: Node[] = [];
  while (!reader.is('bracket', ']')) {
    if (items.length > 0) reader.expect('operator', ',');
    if (reader.is('bracket', ']')) break;
    items.push(reader.expression(0));
  }
  reader.expect('bracket', ']');
  return reader.make({ kind: 'array', items, at });
}

function parseMap(reader: Reader): Node {
  const { at } = reader.expect('bracket', '{');
  const pairs: { key: Node; value: Node }[] = [];
  while (!reader.is('bracket', '}')) {
    if (pairs.length > 0) reader.expect('operator', ',');
    if (reader.is('bracket', '}')) break;
    const key = parseKey(reader);
    reader.expect('operator', ':');
    pairs.push({ key, value: reader.expression(0) });
  }
  reader.expect('bracket', '}');
  return reader.make({ kind: 'map', pairs, at });
}

function parseKey(reader: Reader): Node {
  if (reader.is('bracket', '(')) return reader.expression(0);
  const { kind, text, at } = reader.current();
  if (kind !== 'number' && kind !== 'string' && kind !== 'identifier')
    throw new ExpressionError('a key must be a quoted text, a number, a name, or an expression in parentheses', at);
  reader.take();
  return reader.make({ kind: 'string', value: text, at });
}

function parsePostfix(reader: Reader, first: Node): Node {
  let node = first;
  for (;;) {
    const dotted = reader.is('operator', '.') || reader.is('operator', '?.');
    if (!dotted && !reader.is('bracket', '[')) return node;
    const optional = reader.is('operator', '?.');
    const { at } = reader.take();
    if (!dotted) node = parseBrackets(reader, node, false, at);
    else if (optional && reader.accept('bracket', '[')) node = parseBrackets(reader, node, true, at);
    else node = parseField(reader, node, optional);
  }
}

function parseField(reader: Reader, node: Node, optional: boolean): Node {
  const { kind, text, at } = reader.take();
  if (kind !== 'identifier' && !(kind === 'operator' && /^[A-Za-z]+$/.test(text)))
    throw new ExpressionError('expected a name', at);
  if (reader.is('bracket', '(')) throw new ExpressionError(`there is no method ${text}`, at);
  const property = reader.make<Node>({ kind: 'string', value: text, at });
  const of = node.kind === 'chain' ? node.links : node;
  const member = reader.make<Node>({ kind: 'member', of, property, optional, at });
  return node.kind === 'chain' || optional ? reader.make({ kind: 'chain', links: member, at }) : member;
}

function parseBrackets(reader: Reader, of: Node, optional: boolean, at: number): Node {
  const from = reader.is('operator', ':') ? null : reader.expression(0);
  if (reader.accept('operator', ':')) {
    const to = reader.is('bracket', ']') ? null : reader.expression(0);
    reader.expect('bracket', ']');
    return reader.make({ kind: 'slice', of, from, to, at });
  }
  reader.expect('bracket', ']');
  const property = from ?? reader.unexpected();
  const member = reader.make<Node>({ kind: 'member', of, property, optional, at });
  return optional ? reader.make({ kind: 'chain', links: member, at }) : member;
}
