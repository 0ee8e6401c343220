import { fail } from '../../../model/errors.ts';
import type { ClusterServing } from '../../../model/service.ts';
import type { ClusterClient } from '../../kit/kubernetes/cluster-client.ts';
import { marks } from '../../kit/kubernetes/fence.ts';
import type { KubernetesObject } from '../../kit/kubernetes/kubernetes-object.ts';
import { matches, selectorOf } from '../../kit/kubernetes/labels.ts';
import { objectKinds } from '../../kit/kubernetes/object-kinds.ts';
import { type Deployment, isAdopted } from './observed-versions.ts';

type Kind = ClusterServing['traffic'];

/** Where versions are subsets of one host that leads to all of them, told apart behind it. */
export function areSubsets(traffic: Kind): boolean {
  return traffic.kind === 'istio' && traffic.destinationRule !== null;
}

/** The Services that lead to what was adopted, and must lead to nothing else. */
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
