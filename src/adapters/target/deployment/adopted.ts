import { fail } from '../../../model/errors.ts';
import type { ClusterClient } from '../../kit/kubernetes/cluster-client.ts';
import { marks } from '../../kit/kubernetes/fence.ts';
import { type JsonPatchOperation, type KubernetesObject, pointerPart } from '../../kit/kubernetes/kubernetes-object.ts';
import { matches, selectorText } from '../../kit/kubernetes/labels.ts';
import { objectKinds } from '../../kit/kubernetes/object-kinds.ts';
import type { Finder } from './leading-services.ts';
import { type Deployment, givenPods, isAdopted, podSelector } from './observed-versions.ts';
import type { PodTemplate } from './pod-template.ts';
import { replicasToWrite } from './replicas.ts';

/** The pods of Deployments that were adopted: no label of the service leads to them. */
export async function adoptedPods(
  deployments: readonly Deployment[],
  cluster: ClusterClient,
  signal: AbortSignal,
): Promise<readonly KubernetesObject[]> {
  const lists = await Promise.all(
    deployments.filter(isAdopted).map((each) => cluster.list(objectKinds.pod, selectorText(podSelector(each)), signal)),
  );
  return lists.flatMap(({ items }) => items).filter(({ metadata }) => metadata.labels?.[marks.service] === undefined);
}

/** The same pods with the labels of the template: as those of a version that runs beside others, and is not taken for what ran before. */
export function withLabelsOf(template: PodTemplate, pods: PodTemplate): PodTemplate {
  return { ...pods, metadata: { ...pods.metadata, labels: { ...template.metadata?.labels } } };
}

/** Pods of a version that carry the labels by which what ran before is found would get its requests, before a step gives them any. */
export function requireApart(pods: PodTemplate, adopted: Deployment, finders: readonly Finder[]): void {
  const labels = pods.metadata?.labels ?? {};
  const found = finders.find(({ selector }) => matches(labels, selector));
  if (!found) return;
  fail({
    code: 'target.refused',
    what: `pods of the template would be taken for those of Deployment ${adopted.metadata.name}`,
    why: `${found.called} finds its pods by ${selectorText(found.selector) || 'no label at all'}, and they carry that too: requests would reach them before any are meant to`,
    touched: 'no',
    next: 'give one of these labels another value under spec.template.metadata.labels of the manifest that target.template names',
  });
}

/** Brings copies of what ran before back, as it was when it was adopted. 'changed': somebody wrote it at the same moment. */
export async function wakeAdopted(
  deployment: Deployment,
  { copies, key, fence }: { readonly copies: number; readonly key: string; readonly fence: number },
  cluster: ClusterClient,
  signal: AbortSignal,
): Promise<void> {
  const { name, uid, annotations = {} } = deployment.metadata;
  const replicas = replicasToWrite(deployment, copies);
  const pods = givenPods(deployment);
  const annotation = (mark: string): string => `/metadata/annotations/${pointerPart(mark)}`;
  const operations: readonly JsonPatchOperation[] = [
    { op: 'test', path: '/metadata/uid', value: uid },
    ...[marks.fence, marks.key].map((mark) => ({ op: 'test', path: annotation(mark), value: annotations[mark] }) as const),
    { op: 'test', path: '/spec/template', value: deployment.spec?.template },
    { op: 'add', path: annotation(marks.fence), value: String(fence) },
    { op: 'add', path: annotation(marks.key), value: key },
    ...(pods ? [{ op: 'replace', path: '/spec/template', value: pods } as const] : []),
    ...(replicas === null ? [] : [{ op: 'replace', path: '/spec/replicas', value: replicas } as const]),
  ];
  if ((await cluster.patch(objectKinds.deployment, name, operations, signal)) !== 'changed') return;
  fail({
    code: 'target.changed',
    what: `Deployment ${name} was written by somebody else at the same moment`,
    why: 'it is written only as it was seen',
    touched: 'no',
    next: 'repeat the command',
  });
}
