import type { CopyObservation } from '../../../model/observation.ts';
import type { KubernetesObject } from '../../kit/kubernetes/kubernetes-object.ts';

/** A pod, as far as it is looked at. */
export interface Pod extends KubernetesObject {
  readonly spec?: { readonly containers?: readonly { readonly name: string; readonly image?: string }[] };
  readonly status?: {
    readonly phase?: string;
    readonly podIP?: string;
    readonly conditions?: readonly PodCondition[];
    readonly containerStatuses?: readonly ContainerStatus[];
    readonly initContainerStatuses?: readonly ContainerStatus[];
  };
}

interface PodCondition {
  readonly type: string;
  readonly status: string;
  readonly reason?: string;
  readonly message?: string;
}

interface ContainerStatus {
  readonly name: string;
  readonly imageID?: string;
  readonly restartCount?: number;
  readonly state?: { readonly waiting?: { readonly reason?: string; readonly message?: string } };
  readonly lastState?: { readonly terminated?: { readonly exitCode?: number; readonly reason?: string } };
}

/** Restarts after which a container that waits to be started again is in a loop, and had no single mishap. */
const restartsOfALoop = 3;

/** What waiting does not mend: somebody has to change the version or what it needs. A first failed pull (ErrImagePull) may pass. */
const hopeless: Readonly<Record<string, string>> = {
  ImagePullBackOff: 'its image cannot be pulled',
  InvalidImageName: 'its image has no valid name',
  ErrImageNeverPull: 'its image is not on the node, and must not be pulled',
  CreateContainerConfigError: 'it needs a ConfigMap or Secret that is not there',
  CreateContainerError: 'its container cannot be made',
  RunContainerError: 'its container cannot be started',
};

/** A pod that is ending answers what it has, and is no copy any more; one that has ended is none either. */
export function isCopy({ metadata, status }: Pod): boolean {
  return metadata.deletionTimestamp === undefined && status?.phase !== 'Failed' && status?.phase !== 'Succeeded';
}

/**
 * `wanted`: the images that the version was given. A pod that runs another is no ready copy of it; one that was given a tag runs what its
 * node says.
 */
export function copyOf(pod: Pod, wanted: ReadonlyMap<string, string>, port: number): CopyObservation {
  const { metadata, spec, status } = pod;
  const ready = status?.conditions?.some(({ type, status: holds }) => type === 'Ready' && holds === 'True') === true;
  const runs = (container: string, image: string): boolean => {
    const digest = /@sha256:[0-9a-f]{64}$/.exec(image)?.[0];
    const { imageID = '' } = status?.containerStatuses?.find(({ name }) => name === container) ?? {};
    return digest !== undefined && imageID.endsWith(digest);
  };
  const edited =
    spec?.containers?.some(({ name, image }) => {
      const meant = wanted.get(name);
      return meant !== undefined && meant !== image && !(isTag(image) && runs(name, meant));
    }) === true;
  const { podIP } = status ?? {};
  return {
    id: metadata.name,
    ready: ready && !edited,
    address: podIP === undefined ? null : `http://${podIP.includes(':') ? `[${podIP}]` : podIP}:${port}`,
    identity: null,
    restarts: containersOf(pod).reduce((sum, { restartCount = 0 }) => sum + restartCount, 0),
  };
}

function isTag(image: string | undefined): boolean {
  return image !== undefined && !image.includes('@');
}

/** Why a pod will not become ready however long one waits, as a sentence; null: it may. */
export function hopelessBecause(pod: Pod): string | null {
  for (const { name, restartCount = 0, state, lastState } of containersOf(pod)) {
    const { reason, message } = state?.waiting ?? {};
    if (reason === undefined) continue;
    const why = hopeless[reason];
    if (why !== undefined) return `pod ${pod.metadata.name}: ${why} (${reason}${message ? `: ${message}` : ''})`;
    if (reason === 'CrashLoopBackOff' && restartCount >= restartsOfALoop) {
      const { exitCode, reason: ended } = lastState?.terminated ?? {};
      const last =
        exitCode === undefined ? '' : `, last with exit code ${exitCode}${ended === 'OOMKilled' ? ', out of memory' : ''}`;
      return `pod ${pod.metadata.name}: container ${name} exits again and again, ${restartCount} restarts${last} (CrashLoopBackOff)`;
    }
  }
  return null;
}

/** What a pod that is not ready waits for, as its conditions say; null: they say nothing. */
export function waitsFor(pod: Pod): string | null {
  const unscheduled = pod.status?.conditions?.find(({ type, status }) => type === 'PodScheduled' && status === 'False');
  if (unscheduled)
    return `pod ${pod.metadata.name} has no node: ${unscheduled.message ?? unscheduled.reason ?? 'no reason is given'}`;
  const waiting = containersOf(pod).find(({ state }) => state?.waiting?.reason !== undefined);
  if (waiting) return `pod ${pod.metadata.name}: container ${waiting.name} waits: ${waiting.state?.waiting?.reason}`;
  const unready = pod.status?.conditions?.find(({ type, status }) => type === 'Ready' && status === 'False');
  return unready ? `pod ${pod.metadata.name} runs, and its readiness probe does not pass` : null;
}

function containersOf({ status }: Pod): readonly ContainerStatus[] {
  return [...(status?.initContainerStatuses ?? []), ...(status?.containerStatuses ?? [])];
}
