import { type AnalysisRun, isComplete, type Metric, type MetricResult } from '../../model/analysis.ts';
import { effectiveCount } from './metric-phase.ts';
import { isTerminating } from './run-phase.ts';

/** Between an error and the next try, whatever the interval is. */
const afterError = 10_000;

export interface DueMetric {
  readonly metric: Metric;
  /** A measurement in flight is taken up again rather than a new one begun. */
  readonly resume: boolean;
}

/** The metrics that are to be measured now. */
export function dueMetrics(run: AnalysisRun, metrics: readonly Metric[], now: number, terminate: boolean): readonly DueMetric[] {
  const terminating = isTerminating(run.results, terminate);
  return metrics.flatMap((metric): readonly DueMetric[] => {
    const result = resultOf(run, metric);
    if (result && isComplete(result.phase)) return [];
    const last = result?.measurements.at(-1);
    if (last && last.finishedAt === null) return last.resumeAt !== null && last.resumeAt > now ? [] : [{ metric, resume: true }];
    if (terminating) return [];
    if (!result || !last) return run.startedAt + (metric.initialDelay ?? 0) > now ? [] : [{ metric, resume: false }];
    const count = effectiveCount(metric);
    if (count !== null && result.count >= count) return [];
    return now > (last.finishedAt ?? 0) + pause(metric, result) ? [{ metric, resume: false }] : [];
  });
}

/** When something is to be looked at again, in milliseconds since the epoch; null: nothing is left to do. */
export function nextMoment(run: AnalysisRun, metrics: readonly Metric[]): number | null {
  const moments = metrics.flatMap((metric) => {
    const result = resultOf(run, metric);
    if (result && isComplete(result.phase)) return [];
    const last = result?.measurements.at(-1);
    if (!result || !last) return metric.initialDelay === null ? [] : [run.startedAt + metric.initialDelay];
    if (last.finishedAt === null) return last.resumeAt === null ? [] : [last.resumeAt];
    const count = effectiveCount(metric);
    if (count !== null && result.count >= count) return [];
    if (metric.interval === null && last.phase !== 'Error' && last.phase !== 'Pending') return [];
    return [last.finishedAt + pause(metric, result)];
  });
  return moments.length === 0 ? null : Math.min(...moments);
}

function pause(metric: Metric, result: MetricResult): number {
  return result.measurements.at(-1)?.phase === 'Error' ? afterError : (metric.interval ?? afterError);
}

function resultOf(run: AnalysisRun, metric: Metric): MetricResult | undefined {
  return run.results.find(({ name }) => name === metric.name);
}
