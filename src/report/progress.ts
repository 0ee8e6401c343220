import type { Decision } from '../model/evidence.ts';
import type { Problem } from '../model/errors.ts';
import { nextState, type OperationEvent, type OperationState, type Trigger } from '../model/operation.ts';
import { lastShare, type Plan } from '../model/plan.ts';
import { finishStep, startSteps, type StepProgress, stopStep, updateStep } from './step-progress.ts';

/** An operation as the announced events tell it, with the times that a screen shows. */
export interface OperationProgress {
  readonly id: string;
  readonly plan: Plan;
  readonly trigger: Trigger;
  readonly state: OperationState;
  readonly createdAt: number;
  readonly endedAt: number | null;
  readonly steps: readonly StepProgress[];
  readonly stepsDone: number;
  /** Milliseconds from the beginning until all traffic, or the pointer, was on the wanted version. Null while it is not. */
  readonly safe: number | null;
  readonly verified: boolean | null;
  readonly problem: Problem | null;
  readonly decision: Decision | null;
  readonly supersededBy: string | null;
  /** Why somebody else went on with it, or another plan was made. */
  readonly turns: readonly string[];
}

/**
 * The progress after one more event. Null where the beginning was not seen, or the event is illegal there: then there is nothing
 * to show that would be true.
 */
export function followed(
  progress: OperationProgress | null,
  id: string,
  event: OperationEvent,
  at: number,
): OperationProgress | null {
  if (event.kind === 'created') return begun(id, event, at);
  if (progress === null) return null;
  const state = nextState(progress.state, event);
  return state === null ? null : { ...progress, state, ...changes(progress, event, at) };
}

/** Several operations, in the order in which they began: a guard's verdict begins another one while its deploy is on the screen. */
export function followedAll(
  all: readonly OperationProgress[],
  id: string,
  event: OperationEvent,
  at: number,
): readonly OperationProgress[] {
  const present = all.find((each) => each.id === id) ?? null;
  const next = followed(present, id, event, at);
  if (next === null) return all;
  return present ? all.map((each) => (each.id === id ? next : each)) : [...all, next];
}

/** From a journal, oldest first: what a screen starts from when it goes on with an operation that it did not see begin. */
export function progressOf(
  id: string,
  journal: readonly { readonly at: number; readonly event: OperationEvent }[],
): OperationProgress | null {
  return journal.reduce<OperationProgress | null>((progress, { event, at }) => followed(progress, id, event, at), null);
}

function begun(id: string, { plan, trigger }: Extract<OperationEvent, { kind: 'created' }>, at: number): OperationProgress {
  return {
    id,
    plan,
    trigger,
    state: 'running',
    createdAt: at,
    endedAt: null,
    steps: startSteps(plan, plan.steps, at),
    stepsDone: 0,
    safe: null,
    verified: null,
    problem: null,
    decision: null,
    supersededBy: null,
    turns: [],
  };
}

function changes(
  progress: OperationProgress,
  event: Exclude<OperationEvent, { kind: 'created' }>,
  at: number,
): Partial<OperationProgress> {
  const { steps, stepsDone, turns } = progress;
  switch (event.kind) {
    case 'claimed':
      return {
        problem: null,
        turns: [...turns, `taken over: ${event.because}`],
        steps: updateStep(steps, stepsDone, { state: 'doing', since: at }),
      };
    case 'intended':
      return { steps: updateStep(steps, event.step, { state: 'doing', attempts: event.attempt }) };
    case 'attempt-failed':
      return { steps: updateStep(steps, event.step, { failed: { attempt: event.attempt, problem: event.problem } }) };
    case 'step-done':
      return {
        stepsDone: event.step + 1,
        steps: finishStep(steps, event.step, event.result, at),
        safe: progress.safe ?? (isSafe(progress, event.step) ? at - progress.createdAt : null),
      };
    case 'replanned':
      return {
        plan: event.plan,
        stepsDone: 0,
        steps: startSteps(event.plan, event.plan.steps, at),
        turns: [...turns, `another plan: ${event.because}`],
      };
    case 'extended':
      return {
        plan: { ...progress.plan, steps: [...progress.plan.steps, ...event.steps] },
        steps: [...steps, ...startSteps(progress.plan, event.steps, at)],
        decision: null,
      };
    case 'guarded':
      return {
        decision: null,
        steps: updateStep(steps, event.step, {
          since: at,
          watch: { policy: event.policy, state: event.state, startedAt: at, until: event.until, lastAt: null, seen: [] },
        }),
      };
    case 'evidence': {
      const watch = steps[stepsDone]?.watch;
      return watch
        ? {
            steps: updateStep(steps, stepsDone, {
              watch: { ...watch, state: event.state, lastAt: at, seen: [...watch.seen, event.summary].slice(-kept) },
            }),
          }
        : {};
    }
    case 'measured':
      return { steps: updateStep(steps, stepsDone, { canary: event.canary }) };
    case 'decided':
      return { decision: event.decision };
    case 'opened':
      return { endedAt: at };
    case 'completed':
      return {
        endedAt: at,
        verified: event.verified,
        problem: event.problem,
        ...(event.problem ? { steps: stopStep(steps, steps.length - 1, 'failed', at) } : {}),
      };
    case 'failed':
    case 'stuck':
      return { endedAt: at, problem: event.problem, steps: stopStep(steps, stepsDone, 'failed', at) };
    case 'paused':
      return { endedAt: at, problem: event.problem, steps: stopStep(steps, stepsDone, 'stopped', at) };
    case 'superseded':
      return { endedAt: at, supersededBy: event.by, steps: stopStep(steps, stepsDone, 'stopped', at) };
    case 'abandoned':
      return {
        endedAt: at,
        steps: stopStep(steps, stepsDone, 'stopped', at),
        turns: [...turns, `abandoned by ${event.actor}: ${event.reason}`],
      };
  }
}

/** Intervals that a sparkline has room for. */
const kept = 40;

/** The step with which everything is on the wanted version. */
function isSafe({ plan }: OperationProgress, step: number): boolean {
  return lastShare(plan) === 100 && step === plan.steps.findLastIndex(({ kind }) => kind === 'route' || kind === 'point');
}
