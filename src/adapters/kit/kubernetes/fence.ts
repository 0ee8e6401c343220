import { fail } from '../../../model/errors.ts';
import type { KubernetesObject } from './kubernetes-object.ts';

/** What is written onto every object that a service is served by. */
export const marks = {
  service: 'sofare.dev/service',
  version: 'sofare.dev/version',
  bundle: 'sofare.dev/bundle',
  fence: 'sofare.dev/fence',
  /** Which write of which operation was the last. */
  key: 'sofare.dev/key',
  /** The pods as a version was given them, as JSON: so that it comes back as it was, whatever was edited since. */
  template: 'sofare.dev/template',
  /** Since when a version has no copies. */
  restedAt: 'sofare.dev/rested-at',
  /** Of which ConfigMap this is an immutable copy. */
  copyOf: 'sofare.dev/copy-of',
  /** On a Deployment that ran before sofare did, with pods that carry only labels of their own: since when it is known as a version. */
  adopted: 'sofare.dev/adopted',
} as const;

/** The fence under which an object was written last; 0 for one that was never written here. */
export function fenceOf(object: KubernetesObject | null): number {
  const fence = Number(object?.metadata.annotations?.[marks.fence] ?? 0);
  return Number.isSafeInteger(fence) ? fence : 0;
}

/** Refuses a write under a fence that is lower than the one that the object carries. */
export function requireFence(service: string, object: KubernetesObject | null, fence: number): void {
  const seen = fenceOf(object);
  if (fence >= seen) return;
  fail({
    code: 'superseded',
    what: `fence ${fence} is below ${seen}`,
    why: `another controller has the service ${service} now`,
    touched: 'no',
    next: `sofare status ${service}`,
  });
}
