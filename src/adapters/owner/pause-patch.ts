import { type JsonPatchOperation, type KubernetesObject, pointerPart } from '../kit/kubernetes/kubernetes-object.ts';
import { gitopsKinds } from '../kit/kubernetes/writers.ts';

const pausedMark = 'sofare.dev/paused';

/** On what makes a controller write: for which service it was paused, and what it was like before. */
function markOf(service: string): string {
  return `${service}.${pausedMark}`;
}

/** What to do so that it leaves alone what it writes. Null: nothing; it does so already, and not because of us. */
export function pausePatch(object: KubernetesObject, service: string): readonly JsonPatchOperation[] | null {
  const { annotations } = object.metadata;
  if (annotations?.[markOf(service)] !== undefined) return null;
  const [other] = pausesOf(object);
  const mark = (value: string): JsonPatchOperation =>
    annotations === undefined
      ? { op: 'add', path: '/metadata/annotations', value: { [markOf(service)]: value } }
      : { op: 'add', path: annotation(markOf(service)), value };
  const same: JsonPatchOperation = { op: 'test', path: '/metadata/uid', value: object.metadata.uid };
  // Another service had it paused before: what it was like then is remembered once more.
  if (other !== undefined) return [same, mark(annotations?.[other] ?? '')];
  const { spec } = object as PausedSpec;
  if (object.kind !== gitopsKinds.application.kind)
    return spec?.suspend === true ? null : [same, { op: 'add', path: '/spec/suspend', value: true }, mark('{}')];
  const automated = spec?.syncPolicy?.automated;
  if (automated === undefined) return null;
  const path = '/spec/syncPolicy/automated';
  return [same, { op: 'test', path, value: automated }, { op: 'remove', path }, mark(JSON.stringify(automated))];
}

/** What to do so that it goes on as before. Null: it was not paused for this service. */
export function releasePatch(object: KubernetesObject, service: string): readonly JsonPatchOperation[] | null {
  const before = object.metadata.annotations?.[markOf(service)];
  if (before === undefined) return null;
  const path = annotation(markOf(service));
  const unmarked: readonly JsonPatchOperation[] = [
    { op: 'test', path: '/metadata/uid', value: object.metadata.uid },
    { op: 'test', path, value: before },
    { op: 'remove', path },
  ];
  const { spec } = object as PausedSpec;
  if (pausesOf(object).length > 1) return unmarked;
  if (object.kind !== gitopsKinds.application.kind)
    return spec?.suspend === true ? [...unmarked, { op: 'remove', path: '/spec/suspend' }] : unmarked;
  // Somebody has set it anew meanwhile: that stands.
  if (spec?.syncPolicy?.automated !== undefined) return unmarked;
  const automated = JSON.parse(before) as unknown;
  return [
    ...unmarked,
    spec?.syncPolicy === undefined
      ? { op: 'add', path: '/spec/syncPolicy', value: { automated } }
      : { op: 'add', path: '/spec/syncPolicy/automated', value: automated },
  ];
}

interface PausedSpec {
  readonly spec?: { readonly suspend?: boolean; readonly syncPolicy?: { readonly automated?: unknown } };
}

function pausesOf({ metadata }: KubernetesObject): readonly string[] {
  return Object.keys(metadata.annotations ?? {}).filter((name) => name.endsWith(`.${pausedMark}`));
}

function annotation(name: string): string {
  return `/metadata/annotations/${pointerPart(name)}`;
}
