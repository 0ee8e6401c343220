import { claimOf, type RecordedOperation, type ServiceRecord } from '../model/service-record.ts';
import { hasEnded, type Operation } from '../model/operation.ts';

/**
 * How an operation of ours stands to the record. ours: the record shows this very claim. free: it may be taken, nothing happened since
 * the claim was made that our database, which has `known` of the operation named there, has no part in. lost: somebody else has taken it, with a higher fence, or with the same one first, or while we did not look.
 */
export type Standing = 'ours' | 'free' | 'lost';

export function standingOf(record: ServiceRecord | null, operation: Operation, known: Operation | null): Standing {
  if (record === null) return 'free';
  if (record.fence > operation.fence) return 'lost';
  if (record.fence === operation.fence) {
    return record.operation?.id === operation.id && record.holder === operation.owners.at(-1) ? 'ours' : 'lost';
  }
  // Ours was claimed by a database that knows this one and counts for both: it was told of late, and is no news.
  if (known !== null && record.operation?.id === known.id && !isLater(record.operation, known)) return 'free';
  // A lower fence may still be news: another database counts on its own.
  return operation.over === undefined || operation.over === claimOf(record) ? 'free' : 'lost';
}

/** Whether the record tells more of an operation than our account: by a higher fence, else by having got further. */
export function isLater(recorded: RecordedOperation, own: Operation): boolean {
  return isClaimedSince(recorded, own) || (recorded.fence === own.fence && progress(recorded) > progress(own));
}

/** Whether the record tells of a claim on it that our account does not have. */
export function isClaimedSince(recorded: RecordedOperation, own: Operation): boolean {
  // Two databases claimed it at once: whoever the record names has it.
  return recorded.fence > own.fence || (recorded.fence === own.fence && recorded.owners.at(-1) !== own.owners.at(-1));
}

function progress({ state, stepsDone }: Pick<Operation, 'state' | 'stepsDone'>): number {
  return (hasEnded(state) ? 1_000_000 : 0) + stepsDone * 2 + (state === 'running' ? 0 : 1);
}

/** An operation as the record tells it. */
export function operationOf(recorded: RecordedOperation): Operation {
  return { ...recorded, guard: null };
}

/** The operation that holds the lane, as our database (`own`, and `known`: what it has of the record's operation) and the record together tell it. */
export function laneOf(own: Operation | null, known: Operation | null, record: ServiceRecord | null): Operation | null {
  const recorded = record?.operation ?? null;
  if (record === null || recorded === null) return own;
  if (own !== null && own.id !== recorded.id && standingOf(record, own, known) === 'free') return own;
  const latest = known !== null && !isLater(recorded, known) ? known : operationOf(recorded);
  return hasEnded(latest.state) ? null : latest;
}
