import type { Trigger } from '../model/operation.ts';
import type { OperationKind, Plan } from '../model/plan.ts';

/** Goes back to a version that served before. */
export function isBackwards(kind: OperationKind): boolean {
  return kind === 'rollback' || kind === 'abort' || kind === 'drill';
}

/**
 * Whether the creating transaction held the service and quarantined the version left: every rollback does, and an abort that nobody
 * asked for by hand.
 */
export function marksLeft({ kind, from }: Pick<Plan, 'kind' | 'from'>, trigger: Trigger): boolean {
  return from !== null && (kind === 'rollback' || (kind === 'abort' && trigger.kind !== 'person'));
}
