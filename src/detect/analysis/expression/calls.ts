import { functionNames } from './function-types.ts';
import { ExpressionError } from './limits.ts';
import type { Token } from './lexer.ts';
import type { Reader } from './reader.ts';
import { leftOut, type Node, predicateFunctions } from './syntax.ts';

/** The call of a function, its name read already. `piped` came from the left of a `|` and is its first argument. */
export function parseCall(reader: Reader, name: Token, piped: readonly Node[]): Node {
  if (leftOut.has(name.text))
    throw new ExpressionError(`expr-lang's ${name.text} is not among the functions that are read here`, name.at);
  const arity = predicateFunctions.get(name.text);
  const given = arity ? parsePredicateArguments(reader, piped, arity) : parseArguments(reader, piped);
  const builtin = arity !== undefined || functionNames.has(name.text);
  return reader.make({ kind: builtin ? 'builtin' : 'call', name: name.text, given, at: name.at });
}

function parseArguments(reader: Reader, piped: readonly Node[]): readonly Node[] {
  const given = [...piped];
  reader.expect('bracket', '(');
  while (!reader.is('bracket', ')')) {
    if (given.length > piped.length) reader.expect('operator', ',');
    if (reader.is('bracket', ')')) break;
    given.push(reader.expression(0));
  }
  reader.expect('bracket', ')');
  return given;
}

function parsePredicateArguments(
  reader: Reader,
  piped: readonly Node[],
  { least, most }: { readonly least: number; readonly most: number },
): readonly Node[] {
  const given = [...piped];
  reader.expect('bracket', '(');
  for (let index = piped.length; index < most; index += 1) {
    if (reader.is('bracket', ')')) {
      if (index < least) throw new ExpressionError(`expected at least ${least} arguments`, reader.current().at);
      break;
    }
    if (index > piped.length) reader.expect('operator', ',');
    given.push(index === 1 ? parsePredicate(reader) : reader.expression(0));
  }
  reader.accept('operator', ',');
  reader.expect('bracket', ')');
  return given;
}

function parsePredicate(reader: Reader): Node {
  const { at } = reader.current();
  const braced = reader.accept('bracket', '{');
  const body = reader.inPredicate(() => (braced ? reader.sequence() : reader.expression(0)));
  if (braced) reader.expect('bracket', '}');
  return reader.make({ kind: 'predicate', body, at });
}
