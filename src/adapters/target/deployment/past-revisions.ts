import type { PastRevision } from '../../../ports/past.ts';
import type { KubernetesObject } from '../../kit/kubernetes/kubernetes-object.ts';
import type { Deployment } from './observed-versions.ts';
import type { Pod } from './pod.ts';
import { contentDigest, type PodTemplate } from './pod-template.ts';

/** A ReplicaSet, as far as it is looked at: one revision of a Deployment, kept with what its pods were made of. */
export interface ReplicaSet extends KubernetesObject {
  readonly spec?: { readonly template?: PodTemplate };
}

export interface RevisionFound extends PastRevision {
  /** What its pods were made of, with the image by digest where that is known. */
  readonly pods: PodTemplate;
}

/** Where `kubectl` shows the reason of a revision. */
export const changeCause = 'kubernetes.io/change-cause';
const hashLabel = 'pod-template-hash';
const version = /^v?(\d+\.\d+\.\d+(?:-[0-9A-Za-z.-]+)?)$/;

/**
 * What the ReplicaSets of a Deployment tell, in the order in which they ran. Which image a tag meant is known only by pods that still
 * run. One that was gone back to ran twice: its second time begins with the last change of the Deployment.
 */
export function pastRevisions(
  deployment: Deployment,
  told: { readonly replicaSets: readonly ReplicaSet[]; readonly pods: readonly Pod[] },
  container: string | null,
): readonly RevisionFound[] {
  const own = told.replicaSets.filter((each) => isOwned(each, deployment) && each.spec?.template && revisionOf(each) > 0);
  const latest = Math.max(0, ...own.map(revisionOf));
  const found = own.map((each) => revisionFound(each, told.pods, container, revisionOf(each) === latest));
  const ordered = found.toSorted((one, other) => one.since - other.since || one.revision - other.revision);
  const serving = ordered.find(({ serves }) => serves);
  if (!serving || ordered.at(-1) === serving) return ordered;
  const again = lastChange(deployment) ?? ordered.at(-1)?.since ?? serving.since;
  return [...ordered.map((each) => (each === serving ? { ...each, serves: false } : each)), { ...serving, since: again }];
}

function revisionFound(replicaSet: ReplicaSet, pods: readonly Pod[], container: string | null, serves: boolean): RevisionFound {
  const { metadata, spec } = replicaSet as ReplicaSet & { readonly spec: { readonly template: PodTemplate } };
  const { template } = spec;
  const name = container ?? template.spec.containers[0]?.name ?? '';
  const written = template.spec.containers.find((each) => each.name === name)?.image ?? '';
  const image = isByDigest(written)
    ? written
    : imageThatRuns(
        written,
        name,
        pods.filter((pod) => isOwned(pod, replicaSet)),
      );
  const { [hashLabel]: _, ...labels } = template.metadata?.labels ?? {};
  const containers = template.spec.containers.map((each) => (each.name === name && image !== null ? { ...each, image } : each));
  const made = { metadata: { ...template.metadata, labels }, spec: { ...template.spec, containers } };
  return {
    revision: revisionOf(replicaSet),
    since: Date.parse(metadata.creationTimestamp ?? ''),
    serves,
    image,
    lacks:
      image === null
        ? `its image ${written} is a tag, and none of its pods runs any more that would tell which image that was`
        : null,
    digest: contentDigest(made),
    called: calledVersion(labels, written),
    cause: metadata.annotations?.[changeCause] ?? null,
    pods: made,
  };
}

/** The image by the digest that its pods say they run, where they all say the same. */
function imageThatRuns(written: string, container: string, pods: readonly Pod[]): string | null {
  const digests = new Set(
    pods.map(({ status }) => {
      const { imageID = '' } = status?.containerStatuses?.find(({ name }) => name === container) ?? {};
      return /@(sha256:[0-9a-f]{64})$/.exec(imageID)?.[1] ?? null;
    }),
  );
  const [digest] = digests;
  return digests.size === 1 && digest ? `${written.replace(/:[^/:]*$/, '')}@${digest}` : null;
}

function calledVersion(labels: Readonly<Record<string, string>>, image: string): string | null {
  const [, tag = ''] = /:([^/:@]+)(?:@.*)?$/.exec(image) ?? [];
  const known = [labels['app.kubernetes.io/version'] ?? '', labels['version'] ?? '', tag].map((text) => version.exec(text)?.[1]);
  return known.find((each) => each !== undefined) ?? null;
}

function revisionOf({ metadata }: KubernetesObject): number {
  const revision = Number(metadata.annotations?.['deployment.kubernetes.io/revision'] ?? 0);
  return Number.isSafeInteger(revision) ? revision : 0;
}

function isOwned({ metadata }: KubernetesObject, by: KubernetesObject): boolean {
  return metadata.ownerReferences?.some(({ uid }) => uid === by.metadata.uid) === true;
}

function isByDigest(image: string): boolean {
  return /@sha256:[0-9a-f]{64}$/.test(image);
}

function lastChange({ status }: Deployment): number | null {
  const at = Date.parse(status?.conditions?.find(({ type }) => type === 'Progressing')?.lastUpdateTime ?? '');
  return Number.isFinite(at) ? at : null;
}
