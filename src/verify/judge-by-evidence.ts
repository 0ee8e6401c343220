import { carryOver } from '../decide/carry-over.ts';
import { judge } from '../decide/guard.ts';
import { absorb, beginGuard } from '../decide/guard-state.ts';
import { latencyThresholds } from '../detect/sequential/latency-thresholds.ts';
import { earlierGuard } from '../execute/earlier-guard.ts';
import type { StepContext } from '../execute/performer.ts';
import type { AnalysisPhase, Measurement, MetricProvider } from '../model/analysis.ts';
import type { Decision, GuardPolicy } from '../model/evidence.ts';
import type { CountersReading } from '../model/hosting.ts';
import type { GuardedMetric } from '../model/operation.ts';
import { comparedWith } from './compared-with.ts';
import { dispersionOfStable } from './dispersion-of-stable.ts';
import { judgesPairs } from './judges-pairs.ts';
import { begunWith, type Consumed, edgesOf, nextInterval } from './next-interval.ts';
import { weightsNow } from './weights-now.ts';

type Sequential = Extract<MetricProvider, { readonly kind: 'sequential' }>;

/** What a look is made from. */
interface Look {
  readonly at: number;
  readonly now: CountersReading | null;
  /** Why there is none. */
  readonly why: string | null;
  readonly version: string;
  readonly stable: string | null;
  /** Under which an earlier try of the version may have left evidence. */
  readonly key: string;
  /** The measurement that goes on. */
  readonly inFlight: Measurement | undefined;
}

export interface Judged {
  readonly measurement: Measurement;
  readonly guarded: GuardedMetric | null;
}

/**
 * One look of a metric that judges by evidence. Its measurement runs until it is decided: successful when enough was seen and nothing is
 * worse, failed by evidence, inconclusive when its time is over or the split is wrong. What it consumed is committed with it.
 */
export async function judgeByEvidence(
  provider: Sequential,
  before: GuardedMetric | null,
  look: Look,
  context: StepContext,
): Promise<Judged> {
  const { at } = look;
  const startedAt = look.inFlight?.startedAt ?? at;
  const running = (message: string, value = ''): Measurement => ({
    phase: 'Running',
    value,
    message,
    startedAt,
    finishedAt: null,
    resumeAt: at + provider.every,
  });
  const { now, stable, version } = look;
  if (stable === null)
    return { guarded: null, measurement: ended('Inconclusive', 'there is no other version to compare with', '', startedAt, at) };
  const policy = before?.policy ?? policyOf(provider, context);
  const baseline = comparedWith(stable, policy, context);
  if (!before) {
    const why = look.why ?? 'the traffic path does not tell what it counted';
    if (!now && at - startedAt >= policy.deadline)
      return { guarded: null, measurement: ended('Inconclusive', why, '', startedAt, at) };
    if (!now) return { guarded: null, measurement: running(why) };
    return { guarded: await begin(provider, look, now, stable, context), measurement: running('it begins') };
  }
  const id = before.state.lastIntervalId + 1;
  const { interval, reading, why }: Consumed = now
    ? nextInterval(before.reading, now, { canary: version, baseline, id, weights: weightsNow(context), every: policy.interval })
    : { interval: null, reading: before.reading, why: look.why };
  const state = interval ? absorb(before.state, interval, policy) : before.state;
  const heardAt = state.lastAt === before.state.lastAt ? before.heardAt : at;
  const guarded = { ...before, state, heardAt, reading };
  // A measurement begins its own time; what it knows it has from the ones before.
  const decision = judge(state, policy, {
    now: at,
    heardAt,
    startedAt,
    stageEndsAt: at,
    failed: null,
    version,
    stable: baseline,
  });
  const phase = phaseOf(decision);
  const because = phase === 'Inconclusive' && why !== null ? `${decision.because}; ${why}` : decision.because;
  const value = JSON.stringify({ evidence: Math.round(Math.exp(Math.min(20, decision.logE))), ...decision.exposure });
  return {
    guarded,
    measurement: phase === null ? running(because, value) : ended(phase, because, value, startedAt, at),
  };
}

async function begin(
  provider: Sequential,
  { version, key }: Look,
  reading: CountersReading,
  stable: string,
  context: StepContext,
): Promise<GuardedMetric> {
  const { engine, operation } = context;
  const watched = engine.service.serving?.signals.latency === true;
  const thresholds = latencyThresholds(watched ? (reading.arms[stable]?.latency ?? []) : [], edgesOf(reading));
  const earlier = await earlierGuard(engine.store.read, operation.service, version, operation.id, key);
  const bursts = { reading, earlier: earlier?.policy ?? null, serving: engine.service.serving };
  const policy = { ...policyOf(provider, context), ...dispersionOfStable(provider.dispersion, stable, bursts) };
  const fresh = beginGuard(thresholds);
  return {
    policy,
    state: carryOver(fresh, policy, earlier),
    heardAt: null,
    reading: begunWith(reading, { canary: version, baseline: stable }),
  };
}

function policyOf(
  { alpha, tolerate, limit, restarts, detect, deadline, every, baseline }: Sequential,
  { engine }: StepContext,
): GuardPolicy {
  return {
    alpha,
    tolerate,
    limit,
    restarts,
    ...(judgesPairs(engine.service.serving) ? { paired: true } : {}),
    detect,
    baseline,
    deadline,
    // More often than its counters are asked for there is nothing to see.
    interval: Math.max(every, engine.service.serving?.signals.prometheus?.every ?? 0),
    onUndecided: 'pause',
    smallestRate: 0.01,
    warmup: 2,
  };
}

function phaseOf({ action }: Decision): AnalysisPhase | null {
  switch (action) {
    case 'promote':
      return 'Successful';
    case 'roll back':
      return 'Failed';
    case 'pause':
      return 'Inconclusive';
    case 'wait':
      return null;
  }
}

function ended(phase: AnalysisPhase, message: string, value: string, startedAt: number, finishedAt: number): Measurement {
  return { phase, value, message, startedAt, finishedAt, resumeAt: null };
}
