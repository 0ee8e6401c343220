import { createHash } from 'node:crypto';
import type { PlannedFrom } from '../model/plan.ts';

/** Eight hex digits over weights, digests, pointer, fence and lane: two equal ones mean the same world. */
export function fingerprintOf(planned: PlannedFrom): string {
  const sorted = (map: Readonly<Record<string, unknown>>): unknown =>
    Object.entries(map).sort(([one], [other]) => (one < other ? -1 : 1));
  const text = JSON.stringify([
    sorted(planned.weights),
    sorted(planned.digests),
    planned.pointer,
    planned.fence,
    planned.operation,
  ]);
  return createHash('sha256').update(text).digest('hex').slice(0, 8);
}
