import type { AnalysisPhase, MetricCounters } from '../../model/analysis.ts';

export const noCounters: MetricCounters = {
  count: 0,
  successful: 0,
  failed: 0,
  inconclusive: 0,
  error: 0,
  consecutiveError: 0,
  consecutiveSuccess: 0,
};

/** The counters after one measurement more. Errors do not count towards `count`; anything else ends a row of errors. */
export function counted(before: MetricCounters, measured: AnalysisPhase): MetricCounters {
  const conclusive = { ...before, count: before.count + 1, consecutiveError: 0, consecutiveSuccess: 0 };
  switch (measured) {
    case 'Successful':
      return { ...conclusive, successful: before.successful + 1, consecutiveSuccess: before.consecutiveSuccess + 1 };
    case 'Failed':
      return { ...conclusive, failed: before.failed + 1 };
    case 'Inconclusive':
      return { ...conclusive, inconclusive: before.inconclusive + 1 };
    case 'Error':
      return { ...before, error: before.error + 1, consecutiveError: before.consecutiveError + 1, consecutiveSuccess: 0 };
    case 'Pending':
    case 'Running':
      return before;
  }
}
