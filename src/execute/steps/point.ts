import type { PointStep } from '../../model/plan.ts';
import { movePointer } from '../../registry/pointer.ts';
import type { RecordPerformer } from '../performer.ts';

/** Only the registry's pointer moves, in the transaction that ends the step. */
export const pointStep: RecordPerformer<PointStep> = {
  does: 'record',
  finish: async (transaction, at, step, { operation }) => {
    const { actor, reason, id, service } = operation;
    await movePointer(transaction, {
      service,
      version: step.version,
      at,
      operation: id,
      actor,
      reason,
      source: 'witnessed',
    });
    return {};
  },
};
