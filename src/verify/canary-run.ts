import { beginRun } from '../detect/analysis/run.ts';
import { advance } from '../detect/analysis/run.ts';
import { dueMetrics, type DueMetric } from '../detect/analysis/schedule.ts';
import type { StepContext } from '../execute/performer.ts';
import { isComplete, type AnalysisRun, type Measurement, type Metric } from '../model/analysis.ts';
import type { CanaryRun, GuardedMetric } from '../model/operation.ts';
import type { AnalysisStep, PauseStep } from '../model/plan.ts';
import type { Analysis } from '../model/policy.ts';
import type { CountersReading } from '../model/hosting.ts';
import { begunWith } from './next-interval.ts';

export type CanaryStep = PauseStep | AnalysisStep;

/** The analyses that run in a step: its own, and the one beside the steps once its turn has come. */
export function analysesIn(step: CanaryStep, { operation, step: number }: StepContext): Readonly<Record<Place, Analysis | null>> {
  const { background } = operation.plan.policy ?? { background: null };
  return {
    inline: step.kind === 'analysis' ? step.analysis : null,
    background: background && number >= background.fromStep ? background.analysis : null,
  };
}

export type Place = 'inline' | 'background';
const places: readonly Place[] = ['inline', 'background'];

/** A step as it begins. What runs beside the steps goes on; where it was undecided and a person went on, it begins anew. */
export function beginCanary(
  step: CanaryStep,
  context: StepContext,
  now: number,
  { counted, judged }: Readonly<Record<'counted' | 'judged', CountersReading | null>>,
): CanaryRun {
  const analyses = analysesIn(step, context);
  const before = context.operation.canary?.background ?? null;
  const kept = before && before.phase !== 'Inconclusive' ? before : null;
  return {
    step: context.step,
    since: now,
    inline: analyses.inline ? beginRun(now) : null,
    background: analyses.background ? (kept ?? beginRun(now)) : kept,
    counters: context.operation.canary?.counters ?? counted,
    ...(kept ? { guards: goingOn(context, step, judged) } : {}),
  };
}

/** What is judged beside the steps goes on from here: between two steps the split was another. */
function goingOn(
  { operation }: StepContext,
  { version }: CanaryStep,
  judged: CountersReading | null,
): NonNullable<CanaryRun['guards']> {
  const compared = { canary: version, baseline: operation.plan.from ?? '' };
  return Object.fromEntries(
    Object.entries(operation.canary?.guards ?? {})
      .filter(([key]) => key.startsWith('background/'))
      .map(([key, guarded]) => [key, { ...guarded, reading: judged ? begunWith(judged, compared) : guarded.reading }]),
  );
}

/** The newest moment that a run knows of; 0 where there is none. */
export function newestIn(run: CanaryRun | null | undefined): number {
  const analyses = [run?.inline, run?.background].filter((each) => each != null);
  const measured = analyses.flatMap(({ results }) => results.flatMap(({ measurements }) => measurements.slice(-1)));
  return Math.max(run?.since ?? 0, ...measured.map(({ startedAt, finishedAt }) => finishedAt ?? startedAt));
}

export interface DueMeasurement extends DueMetric {
  readonly place: Place;
}

/** What is to be measured now, in both analyses. */
export function dueIn(run: CanaryRun, step: CanaryStep, context: StepContext, now: number): readonly DueMeasurement[] {
  const analyses = analysesIn(step, context);
  return places.flatMap((place) => {
    const [analysis, at] = [analyses[place], run[place]];
    if (!analysis || !at || isComplete(at.phase)) return [];
    return dueMetrics(at, analysis.metrics, now, false).map((due) => ({ ...due, place }));
  });
}

export interface TakenMeasurement {
  readonly place: Place;
  readonly metric: Metric;
  readonly measurement: Measurement;
  /** It goes on with the one in flight. */
  readonly resumed: boolean;
  /** Where it judges by evidence: what it has seen now. */
  readonly guarded: GuardedMetric | null;
}

/** Under which a run keeps what a metric has seen. */
export function guardKey(place: Place, { name }: Metric): string {
  return `${place}/${name}`;
}

/** The step after these measurements. */
export function advanced(
  run: CanaryRun,
  step: CanaryStep,
  context: StepContext,
  taken: readonly TakenMeasurement[],
  counters: CountersReading | null,
): CanaryRun {
  const analyses = analysesIn(step, context);
  const next = (place: Place): AnalysisRun | null => {
    const [analysis, at] = [analyses[place], run[place]];
    if (!analysis || !at) return at;
    const own = taken.filter((each) => each.place === place);
    return advance(at, analysis.metrics, own, false);
  };
  const guards = taken.flatMap(({ place, metric, guarded }) => (guarded ? [[guardKey(place, metric), guarded] as const] : []));
  const counted = taken.some(({ metric }) => metric.provider.kind === 'proxy');
  return {
    ...run,
    inline: next('inline'),
    background: next('background'),
    counters: counted ? (counters ?? run.counters) : run.counters,
    ...(run.guards || guards.length > 0 ? { guards: { ...run.guards, ...Object.fromEntries(guards) } } : {}),
  };
}
