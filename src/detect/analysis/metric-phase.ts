import { type AnalysisPhase, isComplete, type Metric, type MetricCounters, type MetricResult } from '../../model/analysis.ts';

type Limits = Pick<
  Metric,
  'interval' | 'count' | 'failureLimit' | 'inconclusiveLimit' | 'consecutiveErrorLimit' | 'consecutiveSuccessLimit'
>;

/** Measurements that a metric takes before it is complete; null: it goes on until it is told to stop. */
export function effectiveCount({ count, interval }: Pick<Metric, 'count' | 'interval'>): number | null {
  if (count === null || count === 0) return interval === null ? 1 : null;
  return count;
}

export interface Breach {
  readonly phase: AnalysisPhase;
  readonly message: string;
}

/** Which limit a metric has passed. Within one metric the last check wins: an error over inconclusive over failed. */
export function breachOf(metric: Limits, counters: MetricCounters): Breach | null {
  let found: Breach | null = null;
  const { failureLimit, inconclusiveLimit, consecutiveErrorLimit } = metric;
  if (failureLimit >= 0 && counters.failed > failureLimit)
    found = { phase: 'Failed', message: `failed (${counters.failed}) > failureLimit (${failureLimit})` };
  if (counters.inconclusive > inconclusiveLimit)
    found = {
      phase: 'Inconclusive',
      message: `inconclusive (${counters.inconclusive}) > inconclusiveLimit (${inconclusiveLimit})`,
    };
  if (counters.consecutiveError > consecutiveErrorLimit)
    found = {
      phase: 'Error',
      message: `consecutiveErrors (${counters.consecutiveError}) > consecutiveErrorLimit (${consecutiveErrorLimit})`,
    };
  return found;
}

/** The phase of a metric after its last measurement. */
export function assessMetric(metric: Limits, result: MetricResult, terminating: boolean): AnalysisPhase {
  if (isComplete(result.phase)) return result.phase;
  const last = result.measurements.at(-1);
  if (!last) return terminating ? 'Successful' : 'Pending';
  if (!isComplete(last.phase)) return 'Running';
  const breach = breachOf(metric, result);
  if (breach) return breach.phase;
  const inARow = metric.consecutiveSuccessLimit;
  if (inARow > 0 && result.consecutiveSuccess >= inARow) return 'Successful';
  const count = effectiveCount(metric);
  if (count !== null && result.count >= count) {
    if (inARow === 0) return 'Successful';
    return metric.failureLimit >= 0 ? 'Inconclusive' : 'Failed';
  }
  return terminating ? 'Successful' : 'Running';
}
