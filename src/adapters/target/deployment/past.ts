import { fail } from '../../../model/errors.ts';
import type { Weights } from '../../../model/observation.ts';
import type { ClusterServing, Service } from '../../../model/service.ts';
import type { KeptRevision, Past, PastRevision } from '../../../ports/past.ts';
import type { Traffic } from '../../../ports/traffic.ts';
import type { ClusterClient } from '../../kit/kubernetes/cluster-client.ts';
import { marks } from '../../kit/kubernetes/fence.ts';
import type { KubernetesObject } from '../../kit/kubernetes/kubernetes-object.ts';
import { selectorText } from '../../kit/kubernetes/labels.ts';
import { objectKinds } from '../../kit/kubernetes/object-kinds.ts';
import { versionObjectName } from '../../kit/kubernetes/version-names.ts';
import { writersOf } from '../../kit/kubernetes/writers.ts';
import { requireApart, withLabelsOf } from './adopted.ts';
import { applyAsOurs } from './apply-as-ours.ts';
import { copyConfigMaps } from './configuration-copies.ts';
import { findersOf, servicesOf } from './leading-services.ts';
import { versionDeployment, versionLabels, withVersionLabels } from './manifest.ts';
import { markObject } from './mark-object.ts';
import { type Deployment, isAdopted, podSelector } from './observed-versions.ts';
import { changeCause, pastRevisions, type RevisionFound } from './past-revisions.ts';
import { configMapsOf } from './pod-template.ts';
import { readTemplate } from './read-template.ts';

/** Under which everything is written that no operation writes: any operation goes above it. */
const first = { key: 'adopt', fence: 0 } as const;

/** The past of a Deployment that was there before: its ReplicaSets say what ran, and stay where they are. */
export function deploymentPast(
  { name: service }: Service,
  { target, traffic }: ClusterServing,
  cluster: ClusterClient,
  beside: { readonly traffic: Traffic },
): Past {
  const look = async (name: string, signal: AbortSignal) => {
    const deployment: Deployment | null = await cluster.get(objectKinds.deployment, name, signal);
    if (!deployment) return noDeployment(name, cluster.namespace);
    requireStranger(deployment, service);
    requireSettled(deployment, cluster.namespace);
    const labels = selectorText(podSelector(deployment));
    const [replicaSets, pods] = await Promise.all([
      cluster.list(objectKinds.replicaSet, labels, signal),
      cluster.list(objectKinds.pod, labels, signal),
    ]);
    return {
      deployment,
      revisions: pastRevisions(deployment, { replicaSets: replicaSets.items, pods: pods.items }, target.container),
    };
  };
  /** A version that does not run: only the memory of what its pods were made of, found when it is to come back. */
  const keepResting = async ({ version }: KeptRevision, { pods, cause }: RevisionFound, signal: AbortSignal): Promise<void> => {
    const template = readTemplate(target);
    if (await cluster.get(objectKinds.deployment, versionObjectName(template.name, version.version), signal)) return;
    const given = withVersionLabels(withLabelsOf(template.pods, pods), service, version.version);
    const write = { service, version, name: version.version, ...first };
    const { metadata, ...made } = versionDeployment(template, target, write, {
      pods: await copyConfigMaps(given, service, cluster, signal),
      replicas: 0,
      resourceVersion: null,
    });
    const told = { [marks.restedAt]: new Date().toISOString(), ...(cause === null ? {} : { [changeCause]: cause }) };
    await applyAsOurs(cluster, { ...made, metadata: { ...metadata, annotations: { ...metadata.annotations, ...told } } }, signal);
  };
  /** What runs, as a version: by labels and annotations of its own, and of the Services that lead to it. */
  const markServing = async (
    { version }: KeptRevision,
    { pods }: RevisionFound,
    { deployment, services }: { readonly deployment: Deployment; readonly services: readonly KubernetesObject[] },
    signal: AbortSignal,
  ): Promise<void> => {
    const labels = versionLabels(service, version.version);
    const known = { [marks.version]: version.version, [marks.fence]: String(first.fence), [marks.key]: first.key };
    const own = {
      ...known,
      [marks.adopted]: new Date().toISOString(),
      [marks.bundle]: version.bundleDigest,
      [marks.template]: JSON.stringify(pods),
    };
    await markObject(objectKinds.deployment, deployment, { labels, annotations: own }, cluster, signal);
    if (traffic.kind === 'service-selector') return;
    for (const each of services) await markObject(objectKinds.service, each, { labels, annotations: known }, cluster, signal);
  };
  return {
    read: async (name, signal) => {
      const { deployment, revisions } = await look(name, signal);
      return {
        revisions: await Promise.all(revisions.map((each) => withWhatItLacks(each, cluster, signal))),
        writers: writersOf(deployment),
      };
    },
    keep: async (name, versions, signal) => {
      const { deployment, revisions } = await look(name, signal);
      const found = versions.map((kept) => ({ kept, revision: revisions.findLast((each) => each.revision === kept.revision) }));
      const serving = found.find(({ revision }) => revision?.serves);
      if (!serving?.revision) return changedMeanwhile(name);
      requireSameName(deployment, serving.kept.version.version);
      const led = await beside.traffic.read(signal);
      const services = await servicesOf(deployment, traffic, Object.keys(led.weights), cluster, signal);
      requireApart(readTemplate(target).pods, deployment, await findersOf(deployment, traffic, services, cluster, signal));
      for (const { kept, revision } of found)
        if (revision && kept.version.version !== serving.kept.version.version) await keepResting(kept, revision, signal);
      await markServing(serving.kept, serving.revision, { deployment, services }, signal);
      const { weights } = await beside.traffic.read(signal);
      if (weights[serving.kept.version.version] !== 100) goesElsewhere(name, serving.kept.version.version, weights);
    },
  };
}

async function withWhatItLacks(revision: RevisionFound, cluster: ClusterClient, signal: AbortSignal): Promise<PastRevision> {
  const { pods, ...told } = revision;
  if (told.lacks !== null || told.serves) return told;
  for (const { name, optional } of configMapsOf(pods))
    if (!optional && !(await cluster.get(objectKinds.configMap, name, signal)))
      return { ...told, lacks: `it names the ConfigMap ${name}, which is not there any more` };
  return told;
}

function requireStranger(deployment: Deployment, service: string): void {
  const { metadata } = deployment;
  const owner = metadata.labels?.[marks.service];
  if (owner === undefined || (owner === service && isAdopted(deployment))) return;
  fail({
    code: 'target.refused',
    what: `Deployment ${metadata.name} is not adopted`,
    why: owner === service ? 'it is a version of this service already' : `it belongs to the service ${owner}`,
    touched: 'no',
    next: `sofare status ${service}`,
  });
}

/** What was adopted once keeps its name: records and histories elsewhere know it by that. */
function requireSameName({ metadata }: Deployment, version: string): void {
  const known = metadata.annotations?.[marks.version];
  if (known === undefined || known === version) return;
  fail({
    code: 'from.differs',
    what: `Deployment ${metadata.name} is not ${version}`,
    why: `it was adopted as ${known}`,
    touched: 'no',
    next: `register what it runs now as a version of its own, and deploy that`,
  });
}

/** Between two revisions there is no one version that serves. */
function requireSettled(deployment: Deployment, namespace: string): void {
  const { metadata, spec, status } = deployment;
  const { observedGeneration = 0, replicas = 0, updatedReplicas = 0, readyReplicas = 0 } = status ?? {};
  const wanted = spec?.replicas ?? 1;
  const settled = observedGeneration >= (metadata.generation ?? 0) && replicas === wanted && updatedReplicas === wanted;
  if (isAdopted(deployment) || (settled && readyReplicas > 0)) return;
  fail({
    code: 'target.not-ready',
    what: `the rollout of Deployment ${metadata.name} is not over`,
    why: `${updatedReplicas} of ${wanted} pods are of its last revision, ${readyReplicas} ready, ${replicas} in all`,
    touched: 'no',
    next: `kubectl -n ${namespace} rollout status deployment/${metadata.name}, then repeat the command`,
  });
}

function noDeployment(name: string, namespace: string): never {
  return fail({
    code: 'target.missing',
    what: `there is no Deployment ${name} in namespace ${namespace}`,
    why: 'what is adopted serves there now',
    touched: 'no',
    next: `kubectl -n ${namespace} get deployments`,
  });
}

function changedMeanwhile(name: string): never {
  return fail({
    code: 'target.changed',
    what: `Deployment ${name} has another revision now`,
    why: 'somebody changed it since it was read',
    touched: 'no',
    next: 'repeat the command',
  });
}

function goesElsewhere(name: string, version: string, weights: Weights): never {
  return fail({
    code: 'target.refused',
    what: `traffic does not lead to Deployment ${name} alone`,
    why: `${version} has ${weights[version] ?? 0} %: ${Object.entries(weights)
      .map(([each, share]) => `${each} ${share} %`)
      .join(', ')}`,
    touched: 'no',
    next: 'let everything that traffic names lead to it, then repeat the command',
  });
}
