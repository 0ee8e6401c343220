import { absorb, beginGuard } from '../decide/guard-state.ts';
import { judge } from '../decide/guard.ts';
import { carryOver } from '../decide/carry-over.ts';
import { latencyThresholds } from '../detect/sequential/latency-thresholds.ts';
import { commitEvents } from '../execute/lane.ts';
import { earlierGuard } from '../execute/earlier-guard.ts';
import { openIncident } from '../execute/open-incident.ts';
import type { StepContext, Watched } from '../execute/performer.ts';
import { worldOf } from '../execute/world.ts';
import { fail, type Problem, ProblemError } from '../model/errors.ts';
import type { Decision, GuardPolicy, GuardState } from '../model/evidence.ts';
import { type CountersReading, latencyBuckets } from '../model/hosting.ts';
import type { GuardRun, OperationEvent } from '../model/operation.ts';
import type { BakeStep } from '../model/plan.ts';
import { asksBoth, type GuardSettings, type Serving } from '../model/service.ts';
import { intervalBetween } from './interval.ts';
import { comparedWith } from './compared-with.ts';
import { steadyTime } from './steady-time.ts';
import { weightsNow } from './weights-now.ts';
import { outrightFailure } from './outright-failure.ts';

const interval = 1_000;

/** What a service's settings leave open: how long is warm-up, how often we look, and what a pass must have been able to see. */
export function guardPolicy(settings: GuardSettings, serving: Pick<Serving, 'labels'> | null): GuardPolicy {
  return { ...settings, ...(asksBoth(serving) ? { paired: true } : {}), detect: 5, smallestRate: 0.01, warmup: 2, interval };
}

/**
 * Watches a version beside the stable one until a decision. What was seen is committed with each interval, under owner and fence,
 * so a successor goes on with the same evidence, and an interval is never counted twice.
 */
export async function watchGuarded(step: BakeStep, context: StepContext): Promise<Watched> {
  const { engine, operation, signal } = context;
  const stable = operation.plan.from ?? fail(nothingToCompare(context));
  let guard = operation.guard?.step === context.step ? operation.guard : await openGuard(step, context, stable);
  if (operation.decision && operation.guard?.step === context.step) return carriedOut(operation.decision, context);
  const baseline = comparedWith(stable, guard.policy, context);
  // Taken over under a clock that was moved back, it begins again rather than wait for the hours in between.
  const time = steadyTime(engine.clock, Math.max(await engine.store.now(), guard.startedAt));
  let heardAt: number | null = null;
  for (;;) {
    await engine.clock.wait(interval, signal);
    signal.throwIfAborted();
    const [reading, failed] = await Promise.all([read(context), outrightFailure(step.version, context)]);
    const next = reading
      ? intervalBetween(guard.state.lastIntervalId + 1, guard.reading, reading, step.version, baseline, weightsNow(context))
      : null;
    const state = next ? absorb(guard.state, next, guard.policy) : guard.state;
    if (state.lastAt !== guard.state.lastAt) heardAt = time();
    const situation = {
      now: time(),
      heardAt,
      startedAt: guard.startedAt,
      stageEndsAt: guard.until,
      failed,
      version: step.version,
      stable: baseline,
    };
    const decision = judge(state, guard.policy, situation);
    const events: OperationEvent[] = [];
    if (next && reading)
      events.push({
        kind: 'evidence',
        interval: next,
        state,
        reading,
        summary: { weights: weightsNow(context), logE: state.fused },
      });
    // A pass with shares still to come ends the step, which is committed with its sentence; a verdict stands by itself.
    if (decision.action !== 'wait' && !(decision.action === 'promote' && moreToCome(context)))
      events.push({ kind: 'decided', decision });
    if (decision.action === 'pause') events.push({ kind: 'paused', problem: undecided(decision, context) });
    if (events.length > 0) {
      await commitEvents(engine, 'bake.evidence', operation, events, async (transaction, at) => {
        if (decision.action === 'pause') await openIncident(transaction, operation.service, operation.id, at);
      });
    }
    if (decision.action !== 'wait') return carriedOut(decision, context);
    guard = { ...guard, state, reading: reading ?? guard.reading };
  }
}

/** Healthy before the last share, or with a step still to come: the plan goes on. Else the verdict is another operation's work. */
function carriedOut(decision: Decision, context: StepContext): Watched {
  switch (decision.action) {
    case 'promote': {
      return moreToCome(context) ? { kind: 'passed', result: { note: decision.because } } : { kind: 'decided', decision };
    }
    case 'pause':
      return { kind: 'paused', problem: undecided(decision, context) };
    case 'roll back':
    case 'wait':
      return { kind: 'decided', decision };
  }
}

function moreToCome({ operation, step }: StepContext): boolean {
  return operation.plan.steps.slice(step + 1).some((each) => each.kind === 'route');
}

async function openGuard(step: BakeStep, context: StepContext, stable: string): Promise<GuardRun> {
  const { engine, operation, signal } = context;
  let reading = await read(context);
  while (reading === null) {
    await engine.clock.wait(interval, signal);
    signal.throwIfAborted();
    reading = await read(context);
  }
  const policy = guardPolicy(engine.service.guard, engine.service.serving);
  const { signals } = engine.service.serving ?? { signals: { latency: false } };
  // Earlier shares of this deploy were watched too: their evidence stands, and the thresholds must not move.
  const earlier = operation.guard?.state ?? null;
  const baseline = signals.latency ? (reading.arms[stable]?.latency ?? []) : [];
  const fresh = earlier ? null : beginGuard(latencyThresholds(baseline, latencyBuckets));
  const before = fresh && (await earlierGuard(engine.store.read, operation.service, step.version, operation.id));
  const state = earlier ?? carryOver(fresh as GuardState, policy, before);
  const until = (await engine.store.now()) + step.for;
  const startedAt = await commitEvents(engine, 'bake.guard', operation, [
    { kind: 'guarded', step: context.step, policy, state, reading, until },
  ]);
  return { step: context.step, startedAt, policy, state, reading, until };
}

/** The counters of both versions; null while the traffic path does not tell. Missing data decides nothing. */
async function read({ engine, signal }: StepContext): Promise<CountersReading | null> {
  return worldOf(engine)
    .signal.query(signal)
    .catch((error: unknown) => {
      if (error instanceof ProblemError) return null;
      throw error;
    });
}

function undecided(decision: Decision, { operation }: StepContext): Problem {
  return {
    code: 'guard.undecided',
    what: `the guard of ${operation.plan.to} ended undecided`,
    why: decision.because,
    touched: 'yes',
    next: `sofare guard ${operation.service}, or sofare promote ${operation.service}, or sofare abort ${operation.service}`,
  };
}

function nothingToCompare({ operation }: StepContext): Problem {
  return {
    code: 'bug',
    what: `operation ${operation.id} has nothing to compare ${operation.plan.to} with`,
    why: 'a first deploy is never guarded',
    touched: 'yes',
    next: `sofare promote ${operation.service}`,
  };
}
