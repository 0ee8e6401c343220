import { type Problem, ProblemError } from '../model/errors.ts';
import type { Step } from '../model/plan.ts';
import { UnknownCommit } from '../store/unknown-commit.ts';
import type { EffectPerformer, Observed, StepContext } from './performer.ts';
import { commitEvents, isFenced } from './lane.ts';

/** What came of an effect: done, or a problem that neither waiting nor trying again could mend. */
export type Performed =
  | { readonly kind: 'done' }
  | { readonly kind: 'failed'; readonly problem: Problem }
  | { readonly kind: 'foreign'; readonly problem: Problem };

/** What we wrote was there, and somebody put another value back. */
interface Undone {
  readonly kind: 'undone';
  readonly problem: Problem;
}

/** Against somebody who writes the same fields back: then it is left to people. */
const mostWrites = 2;
const pauses = [100, 200, 400, 800, 1600] as const;

/**
 * One effect, crash-safe: the intent is journalled, the effect declared, the world read until it is as wanted, then the end of the
 * step and what the registry must know are committed together. Whatever an earlier attempt left is found by reading, never assumed.
 */
export async function performEffect<Kind extends Step>(
  performer: EffectPerformer<Kind>,
  step: Kind,
  context: StepContext,
): Promise<Performed> {
  const { engine, operation, signal } = context;
  const deadline = engine.clock.monotonic() + performer.within(step, context);
  let attempt = operation.intent?.step === context.step ? operation.intent.attempt : 0;
  /** The world may have been changed: an answer was lost, to us or to who had the operation before. */
  let uncertain = attempt > 0;
  const failed = (problem: Problem): Performed => ({
    kind: 'failed',
    problem: uncertain && problem.touched === 'no' ? { ...problem, touched: 'unknown' } : problem,
  });
  for (;;) {
    attempt += 1;
    let sent = false;
    try {
      const before = await observe(performer, step, context);
      if (before.is === 'foreign') return { kind: 'foreign', problem: foreignChange(context, before) };
      await commitEvents(engine, `${step.kind}.intent`, operation, [
        { kind: 'intended', step: context.step, attempt, before: before.value, wanted: performer.wanted(step, context) },
      ]);
      sent = true;
      await around(context, step, 'apply', () => performer.apply(step, context));
      uncertain = true;
      const problem = await untilWanted(performer, step, context, deadline);
      if (problem?.kind === 'undone' && attempt < mostWrites) continue;
      if (problem) return problem.kind === 'undone' ? { ...problem, kind: 'foreign' } : problem;
      return await concluded(performer, step, context);
    } catch (error) {
      if (isFenced(error) || signal.aborted || !(error instanceof ProblemError) || journalLost(error)) throw error;
      const { problem } = error;
      uncertain ||= sent && problem.touched !== 'no';
      await commitEvents(engine, `${step.kind}.failure`, operation, [
        { kind: 'attempt-failed', step: context.step, attempt, problem },
      ]);
      if (!mayPass(problem)) return failed(problem);
      // A timeout is not a failure: what came of it is read before it is called one.
      if (engine.clock.monotonic() >= deadline)
        return (await isWanted(performer, step, context)) ? concluded(performer, step, context) : failed(problem);
      await engine.clock.wait(pauses[Math.min(attempt, pauses.length) - 1] ?? 1600, signal);
    }
  }
}

async function untilWanted<Kind extends Step>(
  performer: EffectPerformer<Kind>,
  step: Kind,
  context: StepContext,
  deadline: number,
): Promise<Performed | Undone | null> {
  const { clock } = context.engine;
  for (let since: number | null = null; ; ) {
    const observed = await observe(performer, step, context);
    since = observed.is === 'wanted' ? (since ?? clock.monotonic()) : null;
    if (since !== null && clock.monotonic() - since >= (observed.standsFor ?? 0)) return null;
    if (observed.is === 'foreign') return { kind: 'foreign', problem: foreignChange(context, observed) };
    if (observed.undoes) return { kind: 'undone', problem: foreignChange(context, observed) };
    if (observed.failed) return { kind: 'failed', problem: observed.failed };
    const left = deadline - clock.monotonic();
    if (left <= 0 && since === null) return { kind: 'failed', problem: tooLate(step, context) };
    context.signal.throwIfAborted();
    await performer.settle(step, context, Math.min(left, 1000));
  }
}

async function isWanted<Kind extends Step>(performer: EffectPerformer<Kind>, step: Kind, context: StepContext): Promise<boolean> {
  try {
    return (await observe(performer, step, context)).is === 'wanted';
  } catch (error) {
    if (error instanceof ProblemError && mayPass(error.problem)) return false;
    throw error;
  }
}

/** The world is as wanted: the step ends, and what the registry must know is committed with it. */
async function concluded<Kind extends Step>(
  performer: EffectPerformer<Kind>,
  step: Kind,
  context: StepContext,
): Promise<Performed> {
  const result = (await performer.gather?.(step, context)) ?? {};
  await commitEvents(
    context.engine,
    `${step.kind}.done`,
    context.operation,
    [{ kind: 'step-done', step: context.step, result }],
    async (transaction, at) => performer.finish?.(transaction, at, step, context, result),
  );
  return { kind: 'done' };
}

async function observe<Kind extends Step>(performer: EffectPerformer<Kind>, step: Kind, context: StepContext): Promise<Observed> {
  return around(context, step, 'observe', () => performer.observe(step, context));
}

async function around<Result>(context: StepContext, step: Step, call: string, work: () => Promise<Result>): Promise<Result> {
  context.engine.failpoints.hit(`${step.kind}.before-${call}`);
  const result = await work();
  context.engine.failpoints.hit(`${step.kind}.after-${call}`);
  return result;
}

/** What the journal says is not known, or cannot be added to: then nothing more is done from memory. */
function journalLost(error: ProblemError): boolean {
  return error instanceof UnknownCommit || error.problem.code === 'registry.unreachable';
}

function mayPass(problem: Problem): boolean {
  return ['target.unreachable', 'target.changed', 'outcome.unknown', 'registry.busy'].includes(problem.code);
}

function foreignChange(context: StepContext, { value, is, by = [] }: Observed): Problem {
  const others = by.length === 0 ? '' : `; it is also written by ${by.join(', ')}`;
  return {
    code: 'foreign-change',
    what: `somebody else changed what operation ${context.operation.id} owns`,
    why: `read ${JSON.stringify(value)}, which ${is === 'foreign' ? 'is neither what was there before nor what is wanted' : 'somebody puts back whenever it is written over'}${others}`,
    touched: 'yes',
    next: `sofare resume ${context.operation.id}`,
  };
}

function tooLate(step: Step, context: StepContext): Problem {
  return {
    code: step.kind === 'wake' ? 'target.not-ready' : 'timeout',
    what: step.kind === 'wake' ? `${step.version} never became ready` : `the step ${step.kind} did not take effect`,
    why: 'the time for it is over',
    touched: 'unknown',
    next: `sofare logs ${context.operation.service}`,
  };
}
