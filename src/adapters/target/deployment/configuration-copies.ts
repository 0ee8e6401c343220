import { fail } from '../../../model/errors.ts';
import type { ClusterClient } from '../../kit/kubernetes/cluster-client.ts';
import { marks } from '../../kit/kubernetes/fence.ts';
import type { KubernetesObject } from '../../kit/kubernetes/kubernetes-object.ts';
import { objectKinds } from '../../kit/kubernetes/object-kinds.ts';
import { configMapsOf, contentDigest, type PodTemplate, withConfigMaps } from './pod-template.ts';

const longestBase = 240;

/** An immutable copy of a ConfigMap, named after what it holds: whoever changes the original changes nothing that runs or comes back. */
export function configMapCopy(original: KubernetesObject, service: string): KubernetesObject {
  const { data, binaryData, metadata } = original;
  const content = { ...(data ? { data } : {}), ...(binaryData ? { binaryData } : {}) };
  return {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: {
      name: `${metadata.name.slice(0, longestBase)}-${contentDigest(content)}`,
      labels: { [marks.service]: service },
      annotations: { [marks.copyOf]: metadata.name },
    },
    immutable: true,
    ...content,
  };
}

/** Copies every ConfigMap that the template names as it is now, and gives back the template that names the copies. */
export async function copyConfigMaps(
  template: PodTemplate,
  service: string,
  cluster: ClusterClient,
  signal: AbortSignal,
): Promise<PodTemplate> {
  const names = new Map<string, string>();
  for (const { name, optional } of configMapsOf(template)) {
    const original = await cluster.get(objectKinds.configMap, name, signal);
    if (!original && optional) continue;
    if (!original) missing(name, cluster.namespace);
    // A template that names a copy means that very content.
    if (original.metadata.annotations?.[marks.copyOf] !== undefined) continue;
    const copy = configMapCopy(original, service);
    await cluster.create(copy, signal);
    names.set(name, copy.metadata.name);
  }
  return withConfigMaps(template, names);
}

function missing(name: string, namespace: string): never {
  return fail({
    code: 'target.missing',
    what: `the template names the ConfigMap ${name}, which is not in namespace ${namespace}`,
    why: 'a version keeps the configuration that it was deployed with, so a copy of it is made',
    touched: 'no',
    next: `kubectl -n ${namespace} get configmaps`,
  });
}
