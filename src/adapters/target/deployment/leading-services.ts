import { fail } from '../../../model/errors.ts';
import type { ClusterServing } from '../../../model/service.ts';
import type { ClusterClient } from '../../kit/kubernetes/cluster-client.ts';
import { marks } from '../../kit/kubernetes/fence.ts';
import type { KubernetesObject } from '../../kit/kubernetes/kubernetes-object.ts';
import { type Labels, matches, selectorOf } from '../../kit/kubernetes/labels.ts';
import { objectKinds } from '../../kit/kubernetes/object-kinds.ts';
import { type Deployment, isAdopted, podSelector } from './observed-versions.ts';

type Kind = ClusterServing['traffic'];

/** Where versions are subsets of one host that leads to all of them, told apart behind it. */
function areSubsets(traffic: Kind): boolean {
  return traffic.kind === 'istio' && traffic.destinationRule !== null;
}

/** By which labels something finds pods. */
export interface Finder {
  /** In words: `Service fraud`. */
  readonly called: string;
  readonly selector: Labels;
}

/** What leads to the pods of an adopted Deployment, and must lead to no others. `services`: those that requests go through. */
export async function findersOf(
  deployment: Deployment,
  traffic: Kind,
  services: readonly KubernetesObject[],
  cluster: ClusterClient,
  signal: AbortSignal,
): Promise<readonly Finder[]> {
  if (traffic.kind === 'istio' && traffic.destinationRule !== null) {
    const rule = await cluster.get(objectKinds.destinationRule, traffic.destinationRule, signal);
    const labels = deployment.spec?.template?.metadata?.labels ?? {};
    return subsetsOf(rule)
      .filter((each) => matches(labels, each.labels ?? {}))
      .map((each) => ({
        called: `subset ${each.name} of DestinationRule ${traffic.destinationRule}`,
        selector: each.labels ?? {},
      }));
  }
  const own = { called: `Deployment ${deployment.metadata.name}`, selector: podSelector(deployment) };
  const theirs = services.map((each) => ({ called: `Service ${each.metadata.name}`, selector: selectorOf(each) }));
  // A Service without a selector finds no pods, unlike a subset without labels, which means all.
  return [...theirs.filter(({ selector }) => Object.keys(selector).length > 0), own];
}

function subsetsOf(rule: KubernetesObject | null): readonly { readonly name: string; readonly labels?: Labels }[] {
  const { subsets = [] } = (rule?.['spec'] ?? {}) as {
    readonly subsets?: readonly { readonly name: string; readonly labels?: Labels }[];
  };
  return subsets;
}

/** The Services through which requests reach what was adopted, as long as they lead to it. */
export async function adoptedServices(
  traffic: Kind,
  service: string,
  cluster: ClusterClient,
  signal: AbortSignal,
): Promise<readonly KubernetesObject[]> {
  if (areSubsets(traffic)) return [];
  if (traffic.kind === 'service-selector') {
    const own = await cluster.get(objectKinds.service, traffic.service, signal);
    return own && selectorOf(own)[marks.version] === undefined ? [own] : [];
  }
  const { items } = await cluster.list(objectKinds.service, `${marks.service}=${service}`, signal);
  return items.filter((each) => selectorOf(each)[marks.version] === undefined);
}

/** The Services through which requests reach a Deployment that is to be adopted: of those that find its pods, the ones that `names` has. */
export async function servicesOf(
  deployment: Deployment,
  traffic: Kind,
  names: readonly string[],
  cluster: ClusterClient,
  signal: AbortSignal,
): Promise<readonly KubernetesObject[]> {
  if (areSubsets(traffic)) return [];
  const labels = deployment.spec?.template?.metadata?.labels ?? {};
  const wanted = traffic.kind === 'service-selector' ? [traffic.service] : names;
  const { items } = await cluster.list(objectKinds.service, '', signal);
  const finding = items.filter((each) => Object.keys(selectorOf(each)).length > 0 && matches(labels, selectorOf(each)));
  const leading = finding.filter(({ metadata }) => wanted.includes(metadata.name));
  if (leading.length > 0 || isAdopted(deployment)) return leading;
  return fail({
    code: 'target.refused',
    what: `no requests reach Deployment ${deployment.metadata.name} by what traffic names`,
    why: `that leads to ${wanted.join(', ') || 'nothing'}; its pods are found by ${finding.map(({ metadata }) => `Service ${metadata.name}`).join(', ') || 'no Service'}`,
    touched: 'no',
    next: `kubectl -n ${cluster.namespace} get services -o wide`,
  });
}
