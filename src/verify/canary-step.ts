import { commitEvents, requireOurs } from '../execute/lane.ts';
import { openIncident } from '../execute/open-incident.ts';
import type { StepContext, Watched, WatchPerformer } from '../execute/performer.ts';
import { worldOf } from '../execute/world.ts';
import { type Problem, ProblemError } from '../model/errors.ts';
import type { CountersReading } from '../model/hosting.ts';
import type { CanaryRun, OperationEvent } from '../model/operation.ts';
import type { Decision } from '../model/evidence.ts';
import { advanced, beginCanary, type CanaryStep, dueIn, guardKey, newestIn, type TakenMeasurement } from './canary-run.ts';
import { canaryVerdict } from './canary-verdict.ts';
import { judgeByEvidence } from './judge-by-evidence.ts';
import { measureMetric } from './measure-metric.ts';
import { outrightFailure } from './outright-failure.ts';
import { readJudged } from './read-judged.ts';
import { heard, silenceOf } from './silence.ts';
import { steadyTime } from './steady-time.ts';

/** Between two looks at whether the version still stands. */
const interval = 500;

/** A pause or an analysis of a policy. Every measurement is committed under owner and fence, so a successor goes on with the same run. */
export const canaryStep: WatchPerformer<CanaryStep> = { does: 'watch', watch };

async function watch(step: CanaryStep, context: StepContext): Promise<Watched> {
  const { engine, operation, signal } = context;
  const begun = operation.canary?.step === context.step ? operation.canary : null;
  if (operation.decision && begun) return { kind: 'decided', decision: operation.decision };
  // Taken over under a clock that was moved back, it goes on from what it knows rather than wait for the hours in between.
  const time = steadyTime(engine.clock, Math.max(await engine.store.now(), newestIn(operation.canary)));
  let run = begun ?? (await begin(step, context, time()));
  let measuring: Promise<Batch> | null = null;
  let last = heard(null, await counters(context), step.version);
  for (;;) {
    const due = measuring ? [] : dueIn(run, step, context, time());
    if (due.length > 0) measuring = measure(step, run, due, context, time);
    // The failure of a version is seen while a slow source is still being asked.
    const pause = engine.clock.wait(interval, signal).then(() => null);
    const batch = await (measuring ? Promise.race([measuring, pause]) : pause);
    signal.throwIfAborted();
    // Whoever promotes takes it over, and it may be long until the next measurement.
    if (step.kind === 'pause' && step.for === null) await requireOurs(engine, operation);
    const [reading, gone] = await Promise.all([counters(context), outrightFailure(step.version, context)]);
    last = heard(last, reading, step.version);
    const events: OperationEvent[] = [];
    if (batch) {
      measuring = null;
      run = advanced(run, step, context, batch.taken, batch.counters);
      events.push({ kind: 'measured', canary: run });
    }
    const verdict = canaryVerdict(step, run, time(), gone ?? silenceOf(last, reading, step.version));
    switch (verdict.kind) {
      case 'goes on':
        if (events.length > 0) await commitEvents(engine, 'canary.measured', operation, events);
        break;
      case 'passed':
        if (events.length > 0) await commitEvents(engine, 'canary.measured', operation, events);
        return { kind: 'passed', result: { note: verdict.because } };
      case 'waits':
        await commitEvents(engine, 'canary.waits', operation, [...events, { kind: 'opened' }]);
        return { kind: 'paused', problem: undecided(context, 'it waits for promote') };
      case 'ends':
        return end(verdict.decision, events, context);
    }
  }
}

/** A rollback is another operation's work; a pause opens the deploy, for a person to look at. */
async function end(decision: Decision, events: readonly OperationEvent[], context: StepContext): Promise<Watched> {
  const { engine, operation } = context;
  const problem = undecided(context, decision.because);
  const pause: readonly OperationEvent[] = decision.action === 'pause' ? [{ kind: 'paused', problem }] : [];
  await commitEvents(
    engine,
    'canary.decided',
    operation,
    [...events, { kind: 'decided', decision }, ...pause],
    async (transaction, at) => {
      if (decision.action === 'pause') await openIncident(transaction, operation.service, operation.id, at);
    },
  );
  return decision.action === 'pause' ? { kind: 'paused', problem } : { kind: 'decided', decision };
}

async function begin(step: CanaryStep, context: StepContext, now: number): Promise<CanaryRun> {
  const { engine, operation } = context;
  const [counted, judged] = await Promise.all([counters(context), readJudged(context)]);
  const run = beginCanary(step, context, now, { counted, judged: judged.reading });
  await commitEvents(engine, 'canary.begin', operation, [{ kind: 'measured', canary: run }]);
  return run;
}

const notAsked = { reading: null, why: null };

interface Batch {
  readonly taken: readonly TakenMeasurement[];
  readonly counters: CountersReading | null;
}

async function measure(
  step: CanaryStep,
  run: CanaryRun,
  due: ReturnType<typeof dueIn>,
  context: StepContext,
  time: () => number,
): Promise<Batch> {
  const byEvidence = due.some(({ metric }) => metric.provider.kind === 'sequential');
  const [now, judged] = await Promise.all([counters(context), byEvidence ? readJudged(context) : notAsked]);
  const counted = { before: run.counters, now, version: step.version, stable: context.operation.plan.from };
  const seen = { now: judged.reading, why: judged.why, version: step.version, stable: context.operation.plan.from };
  const taken = await Promise.all(
    due.map(async ({ place, metric, resume }): Promise<TakenMeasurement> => {
      if (metric.provider.kind === 'sequential') {
        const key = guardKey(place, metric);
        const inFlight = resume ? run[place]?.results.find(({ name }) => name === metric.name)?.measurements.at(-1) : undefined;
        const look = { ...seen, at: time(), key, inFlight };
        const judged = await judgeByEvidence(metric.provider, run.guards?.[key] ?? null, look, context);
        return { place, metric, resumed: resume, ...judged };
      }
      return { place, metric, resumed: false, measurement: await measureMetric(metric, counted, context, time), guarded: null };
    }),
  );
  return { taken, counters: now };
}

/** Null while the traffic path does not tell. */
async function counters({ engine, signal }: StepContext): Promise<CountersReading | null> {
  return worldOf(engine)
    .signal.query(signal)
    .catch((error: unknown) => {
      if (error instanceof ProblemError) return null;
      throw error;
    });
}

function undecided({ operation }: StepContext, why: string): Problem {
  const { service, plan } = operation;
  return {
    code: 'guard.undecided',
    what: `the canary of ${plan.to} is undecided`,
    why,
    touched: 'yes',
    next: `sofare promote ${service}, or sofare resume ${operation.id} to measure again, or sofare abort ${service}`,
  };
}
