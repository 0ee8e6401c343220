import type { Weights } from '../../model/observation.ts';
import type { JsonPatchOperation, KubernetesObject } from '../kit/kubernetes/kubernetes-object.ts';
import { type Labels, matches, selectorOf, selectorText } from '../kit/kubernetes/labels.ts';

/** The pods of one version, as their Deployment makes them. */
export interface SelectedVersion {
  readonly version: string;
  /** All labels of its pods. */
  readonly labels: Labels;
  /** Those that tell its pods from all others. */
  readonly selector: Labels;
}

/** The version whose pods the Service selects. Pods of several versions, or of none, have their share under the selector itself. */
export function selectedWeights(service: KubernetesObject, versions: readonly SelectedVersion[]): Weights {
  const selector = selectorOf(service);
  if (Object.keys(selector).length === 0) return {};
  const selected = versions.filter(({ labels }) => matches(labels, selector));
  return { [selected.length === 1 ? (selected[0]?.version ?? '') : selectorText(selector)]: 100 };
}

/** Selects the pods of one version, as long as the selector is as it was seen. What of it holds for them stays in it. */
export function selectVersion(service: KubernetesObject, { labels, selector }: SelectedVersion): readonly JsonPatchOperation[] {
  const seen = selectorOf(service);
  const path = '/spec/selector';
  const kept = Object.entries(seen).filter(([name, value]) => labels[name] === value);
  const wanted = { ...Object.fromEntries(kept), ...selector };
  const stands = matches(wanted, seen) && matches(seen, wanted);
  if (Object.keys(seen).length === 0) return [{ op: 'add', path, value: wanted }];
  return [{ op: 'test', path, value: seen }, ...(stands ? [] : [{ op: 'replace', path, value: wanted } as const])];
}
