import type { Metric } from '../../model/analysis.ts';

/** What is asked of a metric before it runs. */
export type Validated = Pick<
  Metric,
  'name' | 'count' | 'interval' | 'failureLimit' | 'inconclusiveLimit' | 'consecutiveErrorLimit' | 'consecutiveSuccessLimit'
> & {
  readonly providers: number;
  /** What is wrong with the texts of interval and initial delay, as Go says it; null: nothing. */
  readonly intervalProblem: string | null;
  readonly delayProblem: string | null;
};

/** Why Argo refuses these metrics, in its words, or null. */
export function problemOfMetrics(metrics: readonly Validated[]): string | null {
  if (metrics.length === 0) return 'no metrics specified';
  for (const [index, metric] of metrics.entries()) {
    if (metrics.findIndex(({ name }) => name === metric.name) < index)
      return `metrics[${index}]: duplicate name '${metric.name}'`;
    const problem = problemOfLimits(metric) ?? problemOfCount(metric) ?? problemOfRest(metric);
    if (problem !== null) return `metrics[${index}]: ${problem}`;
  }
  return null;
}

function problemOfLimits(metric: Validated): string | null {
  const { consecutiveSuccessLimit, failureLimit, inconclusiveLimit, consecutiveErrorLimit } = metric;
  if (consecutiveSuccessLimit < 0) return 'consecutiveSuccessLimit must be >= 0';
  if (failureLimit < -1) return 'failureLimit must be >= 0, or -1 to be disabled';
  if (consecutiveSuccessLimit === 0 && failureLimit === -1)
    return 'failureLimit and consecutiveSuccessLimit cannot both be disabled';
  if (inconclusiveLimit < 0) return 'inconclusiveLimit must be >= 0';
  return consecutiveErrorLimit < 0 ? 'consecutiveErrorLimit must be >= 0' : null;
}

function problemOfCount({
  count: written,
  consecutiveSuccessLimit,
  failureLimit,
  inconclusiveLimit,
  interval,
}: Validated): string | null {
  const count = written ?? 0;
  if (count <= 0) return null;
  if (failureLimit >= 0 && count < failureLimit + consecutiveSuccessLimit)
    return `count (${count}) must be >= failureLimit + consecutiveSuccessLimit (${failureLimit} + ${consecutiveSuccessLimit}) if both >= 0`;
  if (failureLimit < 0 && count < consecutiveSuccessLimit) return 'count must be >= consecutiveSuccessLimit';
  if (count < inconclusiveLimit) return 'count must be >= inconclusiveLimit';
  return count > 1 && interval === null ? 'interval must be specified when count > 1' : null;
}

function problemOfRest({ intervalProblem, delayProblem, providers }: Validated): string | null {
  if (intervalProblem !== null) return `invalid interval string: ${intervalProblem}`;
  if (delayProblem !== null) return `invalid startDelay string: ${delayProblem}`;
  if (providers === 0) return 'no provider specified';
  return providers > 1 ? 'multiple providers specified' : null;
}
