import { fail } from '../../../model/errors.ts';
import { isFresh } from '../../../model/fresh.ts';
import type { ClusterClient } from '../../kit/kubernetes/cluster-client.ts';
import { marks } from '../../kit/kubernetes/fence.ts';
import { type JsonPatchOperation, pointerPart } from '../../kit/kubernetes/kubernetes-object.ts';
import { objectKinds } from '../../kit/kubernetes/object-kinds.ts';
import { type Deployment, givenPods, isAdopted } from './observed-versions.ts';
import { configMapsOf } from './pod-template.ts';

/** How many versions at rest are remembered, as many as a Deployment keeps revisions by default. */
const remembered = 10;

/** Takes all copies from a version. What it was stays at rest, so that it comes back as it was; fresh copies were never more than copies. */
export async function putToRest(
  deployment: Deployment,
  { key, fence }: { readonly key: string; readonly fence: number },
  cluster: ClusterClient,
  signal: AbortSignal,
): Promise<void> {
  const { name, uid = '', annotations = {} } = deployment.metadata;
  if (isFresh(annotations[marks.version] ?? '')) return cluster.remove(objectKinds.deployment, name, uid, signal);
  const annotation = (mark: string): string => `/metadata/annotations/${pointerPart(mark)}`;
  const operations: readonly JsonPatchOperation[] = [
    { op: 'test', path: '/metadata/uid', value: uid },
    ...[marks.fence, marks.key].map((mark) => ({ op: 'test', path: annotation(mark), value: annotations[mark] }) as const),
    { op: 'add', path: annotation(marks.fence), value: String(fence) },
    { op: 'add', path: annotation(marks.key), value: key },
    { op: 'add', path: annotation(marks.restedAt), value: new Date().toISOString() },
    { op: 'replace', path: '/spec/replicas', value: 0 },
  ];
  if ((await cluster.patch(objectKinds.deployment, name, operations, signal)) !== 'changed') return;
  fail({
    code: 'target.changed',
    what: `Deployment ${name} was written by somebody else at the same moment`,
    why: 'a version is put to rest only as it was seen',
    touched: 'no',
    next: 'sofare resume --due',
  });
}

/** Forgets the versions that have been at rest for longest, and the copies of ConfigMaps that no version names any more. */
export async function forgetOldest(service: string, cluster: ClusterClient, signal: AbortSignal): Promise<void> {
  const labels = `${marks.service}=${service}`;
  const [deployments, configMaps] = await Promise.all([
    cluster.list(objectKinds.deployment, labels, signal),
    cluster.list(objectKinds.configMap, labels, signal),
  ]);
  const old = tooMany(deployments.items);
  if (old.length === 0) return;
  for (const { metadata } of old) await cluster.remove(objectKinds.deployment, metadata.name, metadata.uid ?? '', signal);
  const kept = deployments.items.filter((each) => !old.includes(each));
  const used = new Set(kept.flatMap((each) => configMapsUsed(each)));
  const copies = configMaps.items.filter(({ metadata }) => metadata.annotations?.[marks.copyOf] !== undefined);
  for (const { metadata } of copies.filter((copy) => !used.has(copy.metadata.name)))
    await cluster.remove(objectKinds.configMap, metadata.name, metadata.uid ?? '', signal);
}

/** Those at rest beyond the number that is remembered, longest at rest first. What was adopted is not ours to remove. */
export function tooMany(deployments: readonly Deployment[]): readonly Deployment[] {
  const since = ({ metadata }: Deployment): string => metadata.annotations?.[marks.restedAt] ?? '';
  const resting = deployments
    .filter((each) => each.spec?.replicas === 0 && since(each) !== '' && !isAdopted(each))
    .toSorted((one, other) => (since(one) < since(other) ? -1 : 1));
  return resting.slice(0, Math.max(0, resting.length - remembered));
}

function configMapsUsed(deployment: Deployment): readonly string[] {
  const pods = givenPods(deployment);
  return pods === null ? [] : configMapsOf(pods).map(({ name }) => name);
}
