import { evaluateMoment } from '../detect/analysis/expression/condition.ts';
import { assessReading } from '../detect/analysis/measurement.ts';
import type { StepContext } from '../execute/performer.ts';
import type { Measurement, Metric, MetricReading } from '../model/analysis.ts';
import type { MomentRange } from '../ports/metric-source.ts';
import { ProblemError } from '../model/errors.ts';
import type { ArmCounters, CountersReading } from '../model/hosting.ts';

/** Both readings of the traffic path that a metric of it is the difference of. */
export interface Counted {
  readonly before: CountersReading | null;
  readonly now: CountersReading | null;
  readonly version: string;
  readonly stable: string | null;
}

/** Measures a metric once and assesses what came. `time`: of the step, which its next measurement is due by. */
export async function measureMetric(
  metric: Metric,
  counted: Counted,
  context: StepContext,
  time: () => number,
): Promise<Measurement> {
  const startedAt = time();
  const { phase, message, value } = assessReading(await read(metric, counted, context), metric);
  context.signal.throwIfAborted();
  return { phase, message, value, startedAt, finishedAt: time(), resumeAt: null };
}

async function read({ provider }: Metric, counted: Counted, { engine, signal }: StepContext): Promise<MetricReading> {
  if (provider.kind === 'sequential') return { kind: 'failed', why: 'it is judged by evidence, not measured' };
  if (provider.kind === 'proxy') return countedReading(counted, provider.least);
  if (!engine.metrics) return { kind: 'failed', why: 'nothing can be measured here' };
  try {
    const range = provider.kind === 'prometheus' && provider.range ? rangeOf(provider.range, await engine.store.now()) : null;
    return typeof range === 'string' ? { kind: 'failed', why: range } : await engine.metrics.measure(provider, range, signal);
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof ProblemError) return { kind: 'failed', why: error.problem.why };
    throw error;
  }
}

/** The moments of a range query, as its expressions say them now; a text says why not. */
function rangeOf({ start, end }: { readonly start: string; readonly end: string }, now: number): MomentRange | string {
  const [from, to] = [evaluateMoment(start, () => now), evaluateMoment(end, () => now)];
  if (!from.ok) return `failed to parse rangeQuery.start as time: ${from.error}`;
  return to.ok ? { from: from.value, to: to.value } : `failed to parse rangeQuery.end as time: ${to.error}`;
}

/** What both versions did since the last measurement: `{requests, errors, errorRate, stable: {...}}`; errors are 5xx and no answer at all. */
function countedReading({ before, now, version, stable }: Counted, least: number): MetricReading {
  if (!before || !now) return { kind: 'failed', why: 'the traffic path does not tell what it counted' };
  const arms = [version, ...(stable === null ? [] : [stable])].map((name) => grown(before.arms[name], now.arms[name]));
  const [canary, other] = arms;
  if (!canary || arms.some((arm) => arm === null)) return { kind: 'failed', why: 'a counter went backwards' };
  const short = arms.find((arm) => (arm?.requests ?? 0) < least);
  if (short)
    return { kind: 'failed', why: `${short.requests} requests since the last measurement, ${least} are wanted of each version` };
  return { kind: 'json', document: other ? { ...canary, stable: other } : canary };
}

function grown(before: ArmCounters | undefined, now: ArmCounters | undefined) {
  const bad = (arm: ArmCounters | undefined): number => (arm?.errors ?? 0) + (arm?.unanswered ?? 0);
  const requests = (now?.requests ?? 0) - (before?.requests ?? 0);
  const errors = bad(now) - bad(before);
  if (requests < 0 || errors < 0) return null;
  return { requests, errors, errorRate: requests === 0 ? null : errors / requests };
}
