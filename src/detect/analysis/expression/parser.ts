import { tokens } from './lexer.ts';
import { ExpressionError } from './limits.ts';
import { parsePrimary } from './primary.ts';
import { parseCall } from './calls.ts';
import { type Reader, readerOf } from './reader.ts';
import { binaryPrecedence, type Node } from './syntax.ts';

const comparisons: ReadonlySet<string> = new Set(['<', '>', '>=', '<=']);
const negatable: ReadonlySet<string> = new Set(['contains', 'matches', 'startsWith', 'endsWith', 'in']);

/** The tree of an expression, by precedence climbing, in the grammar of expr-lang 1.17. */
export function parse(source: string): Node {
  const reader = readerOf(tokens(source), { expression: parseExpression, sequence: parseSequence });
  const node = parseSequence(reader);
  if (!reader.is('end')) reader.unexpected();
  return node;
}

function parseSequence(reader: Reader): Node {
  const { at } = reader.current();
  const first = parseExpression(reader, 0);
  const nodes = [first];
  while (reader.accept('operator', ';')) {
    if (reader.is('end')) break;
    nodes.push(parseExpression(reader, 0));
  }
  return nodes.length === 1 ? first : reader.make({ kind: 'sequence', nodes, at });
}

function parseExpression(reader: Reader, precedence: number): Node {
  if (precedence === 0 && reader.is('operator', 'let')) return parseLet(reader);
  if (precedence === 0 && reader.is('operator', 'if')) return reader.nested(() => parseIf(reader));
  let left = parsePrimary(reader);
  let previous = '';
  while (reader.is('operator')) {
    const negated = reader.is('operator', 'not');
    const word = negated ? reader.following() : reader.current();
    const binds = binaryPrecedence.get(word.text);
    if (negated && !negatable.has(word.text)) reader.unexpected();
    if (binds === undefined || binds < precedence) break;
    if (negated) reader.take();
    const operator = reader.take();
    if (previous === '??' && operator.text !== '??' && operator.text !== '|')
      throw new ExpressionError(`${operator.text} and ?? cannot be mixed without parentheses`, operator.at);
    left = parseOperation(reader, left, operator.text, operator.at, binds);
    if (negated) left = reader.make({ kind: 'unary', operator: 'not', operand: left, at: operator.at });
    previous = operator.text;
  }
  return precedence === 0 ? parseConditional(reader, left) : left;
}

function parseOperation(reader: Reader, left: Node, operator: string, at: number, binds: number): Node {
  if (operator === '|') {
    const name = reader.expect('identifier');
    return parseCall(reader, name, [left]);
  }
  if (comparisons.has(operator)) return parseComparison(reader, left, operator, at, binds);
  const rightAssociative = operator === '**' || operator === '^';
  const right = rightAssociative ? reader.nested(() => parseExpression(reader, binds)) : parseExpression(reader, binds + 1);
  return reader.make({ kind: 'binary', operator, left, right, at });
}

/** `1 < x < 10` is `1 < x && x < 10`. */
function parseComparison(reader: Reader, first: Node, operator: string, at: number, binds: number): Node {
  const right = parseExpression(reader, binds + 1);
  const made: Node = reader.make({ kind: 'binary', operator, left: first, right, at });
  const next = reader.current();
  if (next.kind !== 'operator' || !comparisons.has(next.text)) return made;
  return parseRest(reader, made, right, binds);
}

function parseRest(reader: Reader, before: Node, last: Node, binds: number): Node {
  let chained = before;
  let left = last;
  while (reader.is('operator') && comparisons.has(reader.current().text)) {
    const { text, at } = reader.take();
    const right = parseExpression(reader, binds + 1);
    const compared = reader.make({ kind: 'binary', operator: text, left, right, at });
    chained = reader.make({ kind: 'binary', operator: '&&', left: chained, right: compared, at });
    left = right;
  }
  return chained;
}

function parseLet(reader: Reader): Node {
  reader.take();
  const name = reader.expect('identifier');
  reader.expect('operator', '=');
  const value = reader.nested(() => parseExpression(reader, 0));
  reader.expect('operator', ';');
  const body = reader.nested(() => parseSequence(reader));
  return reader.make({ kind: 'let', name: name.text, value, body, at: name.at });
}

function parseIf(reader: Reader): Node {
  const { at } = reader.take();
  const block = (): Node => {
    reader.expect('bracket', '{');
    const body = parseSequence(reader);
    reader.expect('bracket', '}');
    return body;
  };
  const condition = parseExpression(reader, 0);
  const yes = block();
  reader.expect('operator', 'else');
  const no = reader.is('operator', 'if') ? reader.nested(() => parseIf(reader)) : block();
  return reader.make({ kind: 'conditional', condition, yes, no, at });
}

function parseConditional(reader: Reader, first: Node): Node {
  let node = first;
  while (reader.is('operator', '?')) {
    const { at } = reader.take();
    let yes = node;
    if (!reader.accept('operator', ':')) {
      yes = reader.nested(() => parseExpression(reader, 0));
      reader.expect('operator', ':');
    }
    const no = reader.nested(() => parseExpression(reader, 0));
    node = reader.make({ kind: 'conditional', condition: node, yes, no, at });
  }
  return node;
}
