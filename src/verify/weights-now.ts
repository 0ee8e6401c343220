import type { StepContext } from '../execute/performer.ts';
import type { Weights } from '../model/weights.ts';

/** The split that the steps so far have made. */
export function weightsNow({ operation, step }: StepContext): Weights {
  const routed = operation.plan.steps.slice(0, step).findLast((each) => each.kind === 'route');
  return routed?.kind === 'route' ? routed.weights : operation.plan.planned.weights;
}
