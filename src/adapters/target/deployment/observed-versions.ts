import type { TargetObservation, VersionObservation } from '../../../model/observation.ts';
import { fenceOf, marks } from '../../kit/kubernetes/fence.ts';
import type { KubernetesObject } from '../../kit/kubernetes/kubernetes-object.ts';
import { type Labels, matches } from '../../kit/kubernetes/labels.ts';
import { copyOf, hopelessBecause, isCopy, type Pod, waitsFor } from './pod.ts';
import type { PodTemplate } from './pod-template.ts';

/** A Deployment, as far as it is looked at. */
export interface Deployment extends KubernetesObject {
  readonly spec?: {
    readonly replicas?: number;
    readonly progressDeadlineSeconds?: number;
    readonly selector?: { readonly matchLabels?: Labels };
    readonly template?: PodTemplate;
  };
  readonly status?: {
    readonly observedGeneration?: number;
    readonly replicas?: number;
    readonly updatedReplicas?: number;
    readonly readyReplicas?: number;
    readonly conditions?: readonly DeploymentCondition[];
  };
}

interface DeploymentCondition {
  readonly type: string;
  readonly status: string;
  readonly reason?: string;
  readonly message?: string;
  readonly lastUpdateTime?: string;
}

/** What a cluster tells of a service. */
export interface Told {
  readonly deployments: readonly Deployment[];
  readonly pods: readonly Pod[];
  /** Names of the pods that requests may be sent to by the Service of their version; null: versions have no Service of their own. */
  readonly reachable: ReadonlySet<string> | null;
}

/** What runs of a service: a Deployment at rest, without copies, is only the memory of what a version was, and does not run. */
export function observedVersions(told: Told, port: number): TargetObservation {
  const { deployments } = told;
  const seen = deployments.flatMap((deployment) => {
    const version = deployment.metadata.annotations?.[marks.version];
    return version === undefined ? [] : [observedVersion(version, deployment, told, port)];
  });
  const running = seen.filter(({ wanted, copies }) => wanted > 0 || copies.length > 0);
  return {
    fence: Math.max(0, ...deployments.map(fenceOf)),
    versions: Object.fromEntries(running.map((each) => [each.version, each])),
  };
}

/** Whether it ran before sofare did: it stays somebody else's object, and its pods carry no label of ours. */
export function isAdopted({ metadata }: KubernetesObject): boolean {
  return metadata.annotations?.[marks.adopted] !== undefined;
}

export function podSelector({ spec }: Deployment): Labels {
  return spec?.selector?.matchLabels ?? {};
}

/** Pods of what was adopted carry none of our labels, and are found by its own. */
function podsOf(deployment: Deployment, pods: readonly Pod[]): readonly Pod[] {
  const label = deployment.metadata.labels?.[marks.version];
  if (isAdopted(deployment)) {
    const own = podSelector(deployment);
    return pods.filter((pod) => pod.metadata.labels?.[marks.service] === undefined && matches(pod.metadata.labels ?? {}, own));
  }
  return pods.filter((pod) => pod.metadata.labels?.[marks.version] === label);
}

function observedVersion(version: string, deployment: Deployment, { pods, reachable }: Told, port: number): VersionObservation {
  const copies = podsOf(deployment, pods).filter(isCopy);
  // A pod is ready some moments before those who send requests know of it: until then it is no place for traffic.
  const known = ({ metadata }: Pod): boolean => reachable?.has(metadata.name) ?? (deployment.status?.readyReplicas ?? 0) > 0;
  const images = new Map(
    givenPods(deployment)?.spec.containers.flatMap(({ name, image }) => (image === undefined ? [] : [[name, image]])),
  );
  const wanted = deployment.spec?.replicas ?? 1;
  const seen = copies.map((pod) => ({ ...copyOf(pod, images, port), pod }));
  // Beyond those that are wanted they are about to be stopped: of a version that was put to rest, all of them.
  const staying = seen.filter(({ ready, pod }) => ready && known(pod)).slice(0, wanted);
  return {
    version,
    bundleDigest: deployment.metadata.annotations?.[marks.bundle] ?? '',
    wanted,
    copies: seen.map(({ pod, ...copy }) => ({ ...copy, ready: staying.some((each) => each.pod === pod) })),
    failed: copies.map(hopelessBecause).find((why) => why !== null) ?? tooSlow(deployment, copies),
  };
}

/** The names of the pods to which EndpointSlices lead. */
export function reachablePods(slices: readonly KubernetesObject[]): ReadonlySet<string> {
  const endpoints = slices.flatMap((slice) => (slice['endpoints'] ?? []) as readonly Endpoint[]);
  return new Set(
    endpoints.flatMap(({ conditions, targetRef }) => (conditions?.ready === false || !targetRef?.name ? [] : [targetRef.name])),
  );
}

interface Endpoint {
  readonly conditions?: { readonly ready?: boolean };
  readonly targetRef?: { readonly name?: string };
}

/** The pods that a version was given, as it was written; null where somebody has taken that away. */
export function givenPods({ metadata }: KubernetesObject): PodTemplate | null {
  try {
    return JSON.parse(metadata.annotations?.[marks.template] ?? 'null') as PodTemplate | null;
  } catch {
    return null;
  }
}

/** The Deployment's own controller gave up waiting. What it says of an older generation is over. */
function tooSlow({ metadata, spec, status }: Deployment, copies: readonly Pod[]): string | null {
  if ((status?.observedGeneration ?? 0) < (metadata.generation ?? 0)) return null;
  const conditions = status?.conditions ?? [];
  const late = conditions.some(({ type, reason }) => type === 'Progressing' && reason === 'ProgressDeadlineExceeded');
  if (!late) return null;
  const refused = conditions.find(({ type, status: holds }) => type === 'ReplicaFailure' && holds === 'True');
  const why = refused?.message ?? copies.map(waitsFor).find((each) => each !== null) ?? 'its controller does not say why';
  return `not ready within ${spec?.progressDeadlineSeconds ?? 600} s: ${why}`;
}
