import { marks } from '../kit/kubernetes/fence.ts';
import type { JsonPatchOperation, KubernetesObject } from '../kit/kubernetes/kubernetes-object.ts';
import type { Labels } from '../kit/kubernetes/labels.ts';

interface Subset {
  readonly name: string;
  readonly labels?: Labels;
}

/** Version by name of the subset: that whose pods, and whose alone, carry the labels of the subset. */
export function subsetVersions(
  rule: KubernetesObject,
  versions: readonly { readonly version: string; readonly labels: Labels }[],
): ReadonlyMap<string, string> {
  return new Map(
    subsetsOf(rule).flatMap(({ name, labels }) => {
      if (labels === undefined) return [];
      const selected = versions.filter((each) => Object.entries(labels).every(([key, value]) => each.labels[key] === value));
      return selected.length === 1 && selected[0] ? [[name, selected[0].version] as const] : [];
    }),
  );
}

/** The host whose subsets the rule names. */
export function subsetHost(rule: KubernetesObject): string {
  return (rule['spec'] as { readonly host?: string } | undefined)?.host ?? '';
}

/** Adds the subsets that are missing behind the rest, and takes away those of ours whose version no longer runs. Others stay as they are. */
export function patchSubsets(
  rule: KubernetesObject,
  missing: readonly Subset[],
  gone: readonly string[],
): readonly JsonPatchOperation[] {
  const subsets = subsetsOf(rule);
  const removed = subsets.flatMap(({ name }, index) => (gone.includes(name) ? [index] : [])).toReversed();
  if (subsets.length === 0) return [{ op: 'add', path: '/spec/subsets', value: missing }];
  return [
    { op: 'test', path: '/spec/subsets', value: subsets },
    ...missing.map((value) => ({ op: 'add', path: '/spec/subsets/-', value }) as const),
    ...removed.map((index) => ({ op: 'remove', path: `/spec/subsets/${index}` }) as const),
  ];
}

/** Subsets that we made and that no version stands behind. */
export function goneSubsets(rule: KubernetesObject, service: string, known: ReadonlyMap<string, string>): readonly string[] {
  return subsetsOf(rule).flatMap(({ name, labels }) =>
    labels?.[marks.service] === service && labels[marks.version] !== undefined && !known.has(name) ? [name] : [],
  );
}

function subsetsOf(rule: KubernetesObject): readonly Subset[] {
  return (rule['spec'] as { readonly subsets?: readonly Subset[] } | undefined)?.subsets ?? [];
}
