import { deepestNesting, ExpressionError, mostNodes } from './limits.ts';
import type { Token } from './lexer.ts';
import type { Node } from './syntax.ts';

/** Where the parser stands in the words, and how much it has made of them. */
export interface Reader {
  current(): Token;
  /** Returns the current word and goes on to the next. */
  take(): Token;
  is(kind: Token['kind'], text?: string): boolean;
  /** Takes the word if it is there. */
  accept(kind: Token['kind'], text?: string): boolean;
  expect(kind: Token['kind'], text?: string): Token;
  unexpected(): never;
  make<Made extends Node>(node: Made): Made;
  /** Reads something nested; fails beyond the deepest nesting. */
  nested<Read>(read: () => Read): Read;
  /** Inside a predicate `#` is an element; outside of one it is nothing. */
  inPredicate<Read>(read: () => Read): Read;
  predicates(): number;
  /** Looks one word ahead. */
  following(): Token;
  /** What stands in brackets is an expression again. */
  expression(precedence: number): Node;
  sequence(): Node;
}

/** The two rules that everything nested comes back to. */
export interface Grammar {
  readonly expression: (reader: Reader, precedence: number) => Node;
  readonly sequence: (reader: Reader) => Node;
}

export function readerOf(words: readonly Token[], grammar: Grammar): Reader {
  let place = 0;
  let nodes = 0;
  let depth = 0;
  let predicates = 0;
  const end = words.at(-1) as Token;
  const current = (): Token => words[place] ?? end;
  const is = (kind: Token['kind'], text?: string): boolean =>
    current().kind === kind && (text === undefined || current().text === text);
  const unexpected = (): never => {
    const { kind, text, at } = current();
    throw new ExpressionError(
      kind === 'end' ? 'unexpected end of expression' : `unexpected token ${kind}(${JSON.stringify(text)})`,
      at,
    );
  };
  const take = (): Token => {
    const taken = current();
    place += 1;
    return taken;
  };
  const reader: Reader = {
    current,
    take,
    is,
    accept: (kind, text) => is(kind, text) && (take(), true),
    expect: (kind, text) => (is(kind, text) ? take() : unexpected()),
    unexpected,
    make: (node) => {
      nodes += 1;
      if (nodes > mostNodes) throw new ExpressionError(`the expression has more than ${mostNodes} parts`, node.at);
      return node;
    },
    nested: (read) => {
      depth += 1;
      if (depth > deepestNesting)
        throw new ExpressionError(`the expression is nested deeper than ${deepestNesting}`, current().at);
      const found = read();
      depth -= 1;
      return found;
    },
    inPredicate: (read) => {
      predicates += 1;
      const found = read();
      predicates -= 1;
      return found;
    },
    predicates: () => predicates,
    following: () => words[place + 1] ?? end,
    expression: (precedence) => grammar.expression(reader, precedence),
    sequence: () => grammar.sequence(reader),
  };
  return reader;
}
