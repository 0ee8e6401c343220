import { fail } from '../../model/errors.ts';
import { fenceOf, marks, requireFence } from '../kit/kubernetes/fence.ts';
import { type JsonPatchOperation, type KubernetesObject, pointerPart } from '../kit/kubernetes/kubernetes-object.ts';

/** Which write of which operation it is. A key begins with the operation that writes. */
export interface MarkedWrite {
  readonly service: string;
  readonly fence: number;
  readonly key: string;
}

/**
 * Refuses a write under a fence lower than the object's, and one under the same fence of another operation than the one that wrote first:
 * two controllers with databases of their own may count to the same fence.
 */
export function requireTurn(object: KubernetesObject, { service, fence, key }: MarkedWrite): void {
  requireFence(service, object, fence);
  const writer = operationOf(object.metadata.annotations?.[marks.key] ?? key);
  if (fenceOf(object) !== fence || writer === operationOf(key)) return;
  fail({
    code: 'superseded',
    what: `operation ${operationOf(key)} does not hold fence ${fence}`,
    why: `operation ${writer} was the first to write under it`,
    touched: 'no',
    next: `sofare status ${service}`,
  });
}

/**
 * It is the very object that was read, and nobody of ours has written it since. Where no write of ours stands on it yet, nobody may have
 * written it at all.
 */
export function sameObject({ metadata }: KubernetesObject): readonly JsonPatchOperation[] {
  const annotated = [marks.fence, marks.key].filter((name) => metadata.annotations?.[name] !== undefined);
  return [
    { op: 'test', path: '/metadata/uid', value: metadata.uid },
    ...(annotated.length === 2
      ? annotated.map((name) => ({ op: 'test', path: annotation(name), value: metadata.annotations?.[name] }) as const)
      : [{ op: 'test', path: '/metadata/resourceVersion', value: metadata.resourceVersion } as const]),
  ];
}

/** Writes fence, key and what else is remembered on the object. An empty text: nothing is, and nothing was. */
export function marksOf(
  { metadata }: KubernetesObject,
  { fence, key }: MarkedWrite,
  more: Readonly<Record<string, string>> = {},
): readonly JsonPatchOperation[] {
  const seen = metadata.annotations;
  const wanted = Object.entries({ [marks.fence]: String(fence), [marks.key]: key, ...more }).filter(
    ([name, value]) => value !== (seen?.[name] ?? ''),
  );
  if (wanted.length === 0) return [];
  if (seen === undefined) return [{ op: 'add', path: '/metadata/annotations', value: Object.fromEntries(wanted) }];
  return wanted.map(([name, value]) => ({ op: seen[name] === undefined ? 'add' : 'replace', path: annotation(name), value }));
}

function annotation(name: string): string {
  return `/metadata/annotations/${pointerPart(name)}`;
}

function operationOf(key: string): string {
  return key.split('/')[0] ?? key;
}
