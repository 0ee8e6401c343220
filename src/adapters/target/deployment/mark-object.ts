import { fail } from '../../../model/errors.ts';
import type { ClusterClient } from '../../kit/kubernetes/cluster-client.ts';
import { marks } from '../../kit/kubernetes/fence.ts';
import { type JsonPatchOperation, type KubernetesObject, pointerPart } from '../../kit/kubernetes/kubernetes-object.ts';
import type { Labels } from '../../kit/kubernetes/labels.ts';
import type { ObjectKind } from '../../kit/kubernetes/object-kinds.ts';

interface Marked {
  readonly labels: Labels;
  readonly annotations: Labels;
}

const attempts = 5;

/**
 * Adds labels and annotations to an object that is somebody else's, and changes nothing else of it: pods stay as they are. One that was
 * marked before is left as it is, with the fence of whoever wrote it since.
 */
export async function markObject(
  kind: ObjectKind,
  seen: KubernetesObject,
  marked: Marked,
  cluster: ClusterClient,
  signal: AbortSignal,
): Promise<void> {
  for (let attempt = 1; attempt <= attempts; attempt += 1) {
    const present = attempt === 1 ? seen : await cluster.get(kind, seen.metadata.name, signal);
    if (present?.metadata.uid !== seen.metadata.uid) break;
    if (present?.metadata.annotations?.[marks.version] === marked.annotations[marks.version]) return;
    if (present && (await cluster.patch(kind, seen.metadata.name, additions(present, marked), signal)) !== 'changed') return;
  }
  fail({
    code: 'target.changed',
    what: `${kind.kind} ${seen.metadata.name} was written by somebody else at the same moment`,
    why: 'it is marked only as it was seen',
    touched: 'no',
    next: 'repeat the command',
  });
}

function additions({ metadata }: KubernetesObject, marked: Marked): readonly JsonPatchOperation[] {
  const { uid, resourceVersion } = metadata;
  return [
    { op: 'test', path: '/metadata/uid', value: uid },
    { op: 'test', path: '/metadata/resourceVersion', value: resourceVersion },
    ...(['labels', 'annotations'] as const).flatMap((field): readonly JsonPatchOperation[] =>
      metadata[field] === undefined
        ? [{ op: 'add', path: `/metadata/${field}`, value: marked[field] }]
        : Object.entries(marked[field]).map(([name, value]) => ({
            op: 'add',
            path: `/metadata/${field}/${pointerPart(name)}`,
            value,
          })),
    ),
  ];
}
