import { fail } from '../../model/errors.ts';
import { type JsonPatchOperation, type KubernetesObject, pointerPart } from '../kit/kubernetes/kubernetes-object.ts';

/** Which write of which operation it is. A key begins with the operation that writes. */
export interface MarkedWrite {
  readonly service: string;
  readonly fence: number;
  readonly key: string;
}

/** Each service has marks of its own on an object: several may be routed by the same one, and each counts its own fence. */
export function sharedMarks(service: string): Readonly<Record<'fence' | 'key' | 'destinations', string>> {
  const mark = (name: string): string => `${service}.sofare.dev/${name}`;
  return {
    fence: mark('fence'),
    /** Which write of which operation was the last. */
    key: mark('key'),
    /** Which destinations were added by us. */
    destinations: mark('destinations'),
  };
}

/** The fence under which the object was last written for the service; 0 for one that never was. */
export function sharedFence({ metadata }: KubernetesObject, service: string): number {
  const fence = Number(metadata.annotations?.[sharedMarks(service).fence] ?? 0);
  return Number.isSafeInteger(fence) ? fence : 0;
}

/**
 * Refuses a write under a fence lower than the object's, and one under the same fence of another operation than the one that wrote first:
 * two controllers with databases of their own may count to the same fence.
 */
export function requireTurn(object: KubernetesObject, { service, fence, key }: MarkedWrite): void {
  const seen = sharedFence(object, service);
  const writer = operationOf(object.metadata.annotations?.[sharedMarks(service).key] ?? key);
  if (fence > seen || (fence === seen && writer === operationOf(key))) return;
  const problem = { code: 'superseded', touched: 'no', next: `sofare status ${service}` } as const;
  if (fence < seen)
    fail({ ...problem, what: `fence ${fence} is below ${seen}`, why: `another controller has the service ${service} now` });
  fail({
    ...problem,
    what: `operation ${operationOf(key)} does not hold fence ${fence}`,
    why: `operation ${writer} was the first to write under it`,
  });
}

/**
 * It is the very object that was read, and nobody of ours has written it since for this service. Where no write of ours stands on it yet,
 * nobody may have written it at all.
 */
export function sameObject({ metadata }: KubernetesObject, service: string): readonly JsonPatchOperation[] {
  const { fence, key } = sharedMarks(service);
  const annotated = [fence, key].filter((name) => metadata.annotations?.[name] !== undefined);
  return [
    { op: 'test', path: '/metadata/uid', value: metadata.uid },
    ...(annotated.length === 2
      ? annotated.map((name) => ({ op: 'test', path: annotation(name), value: metadata.annotations?.[name] }) as const)
      : [{ op: 'test', path: '/metadata/resourceVersion', value: metadata.resourceVersion } as const]),
  ];
}

/** Writes fence and key, and where they are given the destinations that were added by us. */
export function marksOf(
  { metadata }: KubernetesObject,
  { service, fence, key }: MarkedWrite,
  added: readonly string[] = [],
): readonly JsonPatchOperation[] {
  const seen = metadata.annotations;
  const names = sharedMarks(service);
  const wanted = Object.entries({
    [names.fence]: String(fence),
    [names.key]: key,
    [names.destinations]: added.join(' '),
  }).filter(([name, value]) => value !== (seen?.[name] ?? ''));
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
