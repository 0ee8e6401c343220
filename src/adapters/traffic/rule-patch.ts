import type { JsonPatchOperation } from '../kit/kubernetes/kubernetes-object.ts';
import type { Destination, RoutedRule } from './routed-rule.ts';

/** A destination that a rule does not have yet. */
export interface NewDestination {
  readonly called: string;
  /** As it stands in the object, but for its weight. */
  readonly value: Readonly<Record<string, unknown>>;
}

export interface RulePatch {
  /** Whole weights by version, summing to more than 0. */
  readonly weights: Readonly<Record<string, number>>;
  readonly destinationFor: (version: string, rule: RoutedRule) => NewDestination;
  readonly isReady: (version: string) => boolean;
  /** Names of destinations that a patch of ours added earlier: ours to take away again when nothing is ready there. */
  readonly added: readonly string[];
}

export interface PatchedRules {
  readonly operations: readonly JsonPatchOperation[];
  /** The names of destinations that we added and that are still there. */
  readonly added: readonly string[];
}

/**
 * Gives every rule these weights and touches nothing else: each rule is as it was seen or nothing happens, weights are replaced, what is
 * missing is added behind the rest, what was added by us and leads nowhere any more is taken away. Nobody else's destination is removed:
 * it gets no requests.
 */
export function patchRules(rules: readonly RoutedRule[], patch: RulePatch): PatchedRules {
  const parts = rules.map((rule) => patchRule(rule, patch));
  return {
    operations: [
      ...rules.map(({ at, seen }) => ({ op: 'test', path: at, value: seen }) as const),
      ...parts.flatMap(({ operations }) => operations),
    ],
    added: [...new Set(parts.flatMap(({ added }) => added))].toSorted(),
  };
}

function patchRule(rule: RoutedRule, patch: RulePatch): PatchedRules {
  const { destinations } = rule;
  const list = `${rule.at}/${rule.list}`;
  const ours = new Set(patch.added);
  const first = (version: string): number => destinations.findIndex((each) => each.version === version);
  const wantedOf = ({ version }: Destination, index: number): number =>
    version !== null && first(version) === index ? (patch.weights[version] ?? 0) : 0;
  const leadsNowhere = ({ version, called }: Destination): boolean =>
    ours.has(called) && (version === null || (patch.weights[version] === undefined && !patch.isReady(version)));
  const missing = Object.keys(patch.weights).filter((version) => first(version) < 0);
  const fresh = missing.map((version) => ({ ...patch.destinationFor(version, rule), weight: patch.weights[version] ?? 0 }));
  const staying = destinations.filter((each) => !leadsNowhere(each));
  /** A router gives a single destination everything, whether or not that is written. */
  const alone = staying.length === 1 && fresh.length === 0;
  const weights = destinations.flatMap((each, index): readonly JsonPatchOperation[] => {
    const value = wantedOf(each, index);
    const path = `${list}/${index}/weight`;
    const stands = each.weight === value && (each.written || destinations.length > 1);
    if (leadsNowhere(each) || stands || (alone && !each.written)) return [];
    return [{ op: each.written ? 'replace' : 'add', path, value }];
  });
  const additions = fresh.map(({ value, weight }) => ({ op: 'add', path: `${list}/-`, value: { ...value, weight } }) as const);
  const removals = destinations
    .map((each, index) => (leadsNowhere(each) ? ({ op: 'remove', path: `${list}/${index}` } as const) : null))
    .filter((each) => each !== null)
    .toReversed();
  return {
    operations: [...weights, ...additions, ...removals],
    added: [...staying.map(({ called }) => called).filter((called) => ours.has(called)), ...fresh.map(({ called }) => called)],
  };
}
