import { fail } from '../../model/errors.ts';
import type { RoutedRule } from './routed-rule.ts';

/**
 * The rules whose weights are ours: those that were named; else every one that leads to a version of the service, and where none does
 * yet, the only one there is.
 */
export function chosenRules(
  object: string,
  rules: readonly RoutedRule[],
  named: readonly string[] | null,
): readonly RoutedRule[] {
  const known = rules.map(({ called }) => called);
  if (named !== null) {
    const missing = named.find((name) => !known.includes(name));
    if (missing !== undefined) none(object, `no rule with destinations is called ${missing}`, known);
    return rules.filter(({ called }) => named.includes(called));
  }
  const leading = rules.filter(({ destinations }) => destinations.some(({ version }) => version !== null));
  if (leading.length > 0) return leading;
  if (rules.length !== 1) none(object, 'none of its rules leads to a version of the service', known);
  return rules;
}

function none(object: string, why: string, known: readonly string[]): never {
  return fail({
    code: 'target.missing',
    what: `${object} has no rule to write weights into`,
    why: `${why}; there is: ${known.join(', ') || 'none'}`,
    touched: 'no',
    next: 'name the rule under traffic.routes in sofare.yaml',
  });
}
