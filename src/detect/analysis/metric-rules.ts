import { compilePattern } from './pattern/pattern.ts';
import { PatternError } from './pattern/pattern-syntax.ts';

/** Which metrics the rules of dryRun or measurementRetention name: each is a regular expression that may match anywhere. The last rule of a metric holds. */
export function matchRules(
  kind: 'dryRun' | 'measurementRetention',
  rules: readonly string[],
  names: readonly string[],
): { readonly matched: ReadonlyMap<string, number> } | { readonly error: string } {
  const matched = new Map<string, number>();
  for (const [index, rule] of rules.entries()) {
    if (rules.indexOf(rule) < index)
      return {
        error: `two ${kind === 'dryRun' ? 'Dry-Run' : 'Measurement Retention'} metric rules have the same name '${rule}'`,
      };
    const found = names.filter((name) => matches(rule, name));
    if (found.length === 0) return { error: `${kind}[${index}]: Rule didn't match any metric name(s)` };
    for (const name of found) matched.set(name, index);
  }
  return { matched };
}

/** A pattern that cannot be read matches nothing, as in Argo. */
function matches(rule: string, name: string): boolean {
  try {
    return compilePattern(rule).test(name);
  } catch (error) {
    if (error instanceof PatternError) return false;
    throw error;
  }
}
