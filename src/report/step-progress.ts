import type { GuardPolicy, GuardState } from '../model/evidence.ts';
import type { Problem } from '../model/errors.ts';
import type { Weights } from '../model/observation.ts';
import type { CanaryRun, EvidenceSummary, StepResult } from '../model/operation.ts';
import type { Plan, Step } from '../model/plan.ts';

export interface StepProgress {
  readonly step: Step;
  /** stopped: begun, and nobody works on it now. */
  readonly state: 'waiting' | 'doing' | 'done' | 'failed' | 'stopped';
  readonly since: number | null;
  readonly until: number | null;
  readonly attempts: number;
  /** The last attempt that failed, and how. */
  readonly failed: { readonly attempt: number; readonly problem: Problem } | null;
  readonly result: StepResult | null;
  readonly watch: WatchProgress | null;
  /** A pause or an analysis of a policy as it stands. */
  readonly canary?: CanaryRun;
  /** Weights before the step, if all before it are done. */
  readonly before: Weights;
}

/** A guard at work: by what it judges, where it stands, and its last intervals. */
export interface WatchProgress {
  readonly policy: GuardPolicy;
  readonly state: GuardState;
  readonly startedAt: number;
  readonly until: number;
  /** When the last interval ended. */
  readonly lastAt: number | null;
  readonly seen: readonly EvidenceSummary[];
}

/** The steps of a plan, the first of them under way. */
export function startSteps(plan: Plan, steps: readonly Step[], at: number): readonly StepProgress[] {
  const earlier = plan.steps === steps ? [] : plan.steps;
  let before = earlier.reduce((weights, step) => weightsAfter(step, weights), plan.planned.weights);
  return steps.map((step, index) => {
    const progress: StepProgress = {
      step,
      state: index === 0 ? 'doing' : 'waiting',
      since: index === 0 ? at : null,
      until: null,
      attempts: 0,
      failed: null,
      result: null,
      watch: null,
      before,
    };
    before = weightsAfter(step, before);
    return progress;
  });
}

export function updateStep(
  steps: readonly StepProgress[],
  index: number,
  changes: Partial<StepProgress>,
): readonly StepProgress[] {
  return steps.map((step, position) => (position === index ? { ...step, ...changes } : step));
}

/** Done, and the next one begins at the same instant. */
export function finishStep(
  steps: readonly StepProgress[],
  index: number,
  result: StepResult,
  at: number,
): readonly StepProgress[] {
  const finished = updateStep(steps, index, { state: 'done', until: at, result, failed: null });
  return updateStep(finished, index + 1, { state: 'doing', since: at });
}

export function stopStep(
  steps: readonly StepProgress[],
  index: number,
  state: 'failed' | 'stopped',
  at: number,
): readonly StepProgress[] {
  return updateStep(steps, index, { state, until: at });
}

function weightsAfter(step: Step, before: Weights): Weights {
  return step.kind === 'route' ? step.weights : before;
}
