import type { Problem } from '../model/errors.ts';
import type { Operation } from '../model/operation.ts';
import type { Step, WakeStep } from '../model/plan.ts';
import type { Engine } from './engine.ts';
import { commitEvents } from './lane.ts';

/** How often one run of an operation wakes a version again that does not stay ready. */
export const wakesAgain = 3;

/**
 * Traffic was refused because a version with a share is not ready: it ran when the plan was made, or was woken, and has ended since.
 * The operation wakes it before it goes on; what is done stays done. False: not ready was not what was wrong.
 */
export async function wakeAgain(engine: Engine, operation: Operation, step: Step, problem: Problem): Promise<boolean> {
  const copies = engine.service.serving?.target.copies;
  if (step.kind !== 'route' || problem.code !== 'target.not-ready' || copies === undefined) return false;
  const wakes = Object.keys(step.weights).map((version): WakeStep => ({ kind: 'wake', version, copies }));
  const { plan, stepsDone } = operation;
  const steps = [...plan.steps.slice(0, stepsDone), ...wakes, ...plan.steps.slice(stepsDone)];
  await commitEvents(engine, 'wake-again', operation, [
    { kind: 'replanned', plan: { ...plan, steps }, because: problem.what, done: stepsDone },
  ]);
  return true;
}
