import { absorb, beginGuard } from '../decide/guard-state.ts';
import { judge } from '../decide/guard.ts';
import { carryOver } from '../decide/carry-over.ts';
import { latencyThresholds } from '../detect/sequential/latency-thresholds.ts';
import { commitEvents } from '../execute/lane.ts';
import { earlierGuard } from '../execute/earlier-guard.ts';
import { openIncident } from '../execute/open-incident.ts';
import type { StepContext, Watched } from '../execute/performer.ts';
import { fail, type Problem } from '../model/errors.ts';
import type { Decision, GuardPolicy, GuardState } from '../model/evidence.ts';
import type { GuardRun, OperationEvent } from '../model/operation.ts';
import type { BakeStep } from '../model/plan.ts';
import type { GuardSettings, Serving } from '../model/service.ts';
import { comparedWith } from './compared-with.ts';
import { dispersionOfStable } from './dispersion-of-stable.ts';
import { judgesPairs } from './judges-pairs.ts';
import { begunWith, type Consumed, edgesOf, nextInterval } from './next-interval.ts';
import { nothingCounted, readJudged } from './read-judged.ts';
import { steadyTime } from './steady-time.ts';
import { weightsNow } from './weights-now.ts';
import { outrightFailure } from './outright-failure.ts';

/** Between two looks at whether the version still stands, and at counters that are asked for free. */
const interval = 1_000;

/** What a service's settings leave open: how long is warm-up, how often counters are looked at, and what a pass must have been able to see. */
function guardPolicy(
  { dispersion: _, ...settings }: GuardSettings,
  serving: Pick<Serving, 'labels' | 'signals'> | null,
): GuardPolicy {
  const paired = judgesPairs(serving) ? { paired: true } : {};
  return {
    ...settings,
    ...paired,
    detect: 5,
    smallestRate: 0.01,
    warmup: 2,
    interval: serving?.signals.prometheus?.every ?? interval,
  };
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
    const [read, failed] = await Promise.all([readJudged(context), outrightFailure(step.version, context)]);
    const weights = weightsNow(context);
    const comparison = {
      canary: step.version,
      baseline,
      id: guard.state.lastIntervalId + 1,
      weights,
      every: guard.policy.interval,
    };
    const consumed: Consumed = read.reading
      ? nextInterval(guard.reading, read.reading, comparison)
      : { interval: null, reading: guard.reading, why: read.why };
    const { interval: next, reading, why } = consumed;
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
    const decision = said(judge(state, guard.policy, situation), why);
    const events: OperationEvent[] = [];
    if (next) events.push({ kind: 'evidence', interval: next, state, reading, summary: { weights, logE: state.fused } });
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
    guard = { ...guard, state, reading };
  }
}

/** Where the time is over without the counters that were wanted, it says why there were none. */
function said(decision: Decision, missing: string | null): Decision {
  if (decision.cause !== 'deadline' || missing === null) return decision;
  return { ...decision, because: `${decision.because}; ${missing}` };
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
  const { guard: settings, serving } = engine.service;
  const asked = guardPolicy(settings, serving);
  const since = await engine.store.now();
  const waited = steadyTime(engine.clock, 0);
  let first = (await readJudged(context)).reading;
  // Where nobody tells, a version that fails is taken back all the same, and the time does not wait.
  while (first === null && waited() < asked.deadline && (await outrightFailure(step.version, context)) === null) {
    await engine.clock.wait(interval, signal);
    signal.throwIfAborted();
    first = (await readJudged(context)).reading;
  }
  const { signals } = engine.service.serving ?? { signals: { latency: false } };
  // Earlier shares of this deploy were watched too: their evidence stands, and the thresholds must not move.
  const earlier = operation.guard?.state ?? null;
  const baseline = (signals.latency && first?.arms[stable]?.latency) || [];
  const fresh = earlier ? null : beginGuard(latencyThresholds(baseline, first ? edgesOf(first) : []));
  const before = fresh && (await earlierGuard(engine.store.read, operation.service, step.version, operation.id));
  const bursts = { reading: first, earlier: operation.guard?.policy ?? before?.policy ?? null, serving };
  const policy = { ...asked, ...dispersionOfStable(settings.dispersion ?? null, stable, bursts) };
  const state = earlier ?? carryOver(fresh as GuardState, policy, before);
  const until = (await engine.store.now()) + step.for;
  const reading = first ? begunWith(first, { canary: step.version, baseline: stable }) : nothingCounted(since);
  const at = await commitEvents(engine, 'bake.guard', operation, [
    { kind: 'guarded', step: context.step, policy, state, reading, until, ...(first ? {} : { since }) },
  ]);
  return { step: context.step, startedAt: first ? at : since, policy, state, reading, until };
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
