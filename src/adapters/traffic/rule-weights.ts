import type { Weights } from '../../model/observation.ts';
import type { RoutedRule } from './routed-rule.ts';

export interface RuledWeights {
  readonly weights: Weights;
  /** What of the rules is no share that the weights could say: sentences. While there is any, no weights are reached. */
  readonly besides: readonly string[];
}

/**
 * Shares over all rules. A destination where no version runs has its share under its own name, so that nobody has more than he has.
 * Where rules differ it is their mean, and each is named: a version has 100 % exactly when it has it in every rule.
 */
export function weightsOf(rules: readonly RoutedRule[]): RuledWeights {
  const shares = rules.map(sharesOf);
  const names = [...new Set(shares.flatMap((each) => Object.keys(each)))];
  const same = shares.every((each) => names.every((name) => (each[name] ?? 0) === (shares[0]?.[name] ?? 0)));
  const weights = Object.fromEntries(
    names.map((name) => [
      name,
      same ? (shares[0]?.[name] ?? 0) : shares.reduce((sum, each) => sum + (each[name] ?? 0), 0) / shares.length,
    ]),
  );
  return { weights, besides: same ? [] : rules.map((rule, index) => `${rule.called} has ${text(shares[index] ?? {})}`) };
}

function sharesOf({ destinations }: RoutedRule): Weights {
  const sum = destinations.reduce((total, { weight }) => total + weight, 0);
  const parts: Record<string, number> = {};
  for (const { version, called, weight } of destinations) {
    if (weight === 0) continue;
    const name = version ?? called;
    parts[name] = (parts[name] ?? 0) + weight;
  }
  return Object.fromEntries(Object.entries(parts).map(([name, part]) => [name, (part * 100) / sum]));
}

function text(weights: Weights): string {
  const parts = Object.entries(weights).map(([name, share]) => `${name} ${share} %`);
  return parts.length === 0 ? 'nothing' : parts.join(', ');
}
