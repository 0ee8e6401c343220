import { type AnalysisRun, isComplete, type Measurement, type Metric, type MetricResult } from '../../model/analysis.ts';
import { counted, noCounters } from './counters.ts';
import { assessRun, isTerminating } from './run-phase.ts';

export function beginRun(startedAt: number): AnalysisRun {
  return { phase: 'Running', message: '', startedAt, results: [] };
}

export interface Measured {
  readonly metric: Metric;
  readonly measurement: Measurement;
  /** It finishes the one in flight instead of being a new one. */
  readonly resumed: boolean;
}

/** The run after these measurements. Once it is complete it stays what it is. */
export function advance(
  run: AnalysisRun,
  metrics: readonly Metric[],
  measured: readonly Measured[],
  terminate: boolean,
): AnalysisRun {
  if (isComplete(run.phase)) return run;
  const terminating = isTerminating(run.results, terminate);
  const results = measured.reduce<readonly MetricResult[]>((all, each) => put(all, each, terminating), run.results);
  return assessRun({ ...run, results }, metrics, terminate);
}

function put(
  all: readonly MetricResult[],
  { metric, measurement, resumed }: Measured,
  terminating: boolean,
): readonly MetricResult[] {
  const before = all.find(({ name }) => name === metric.name) ?? fresh(metric);
  const taken =
    resumed && terminating && measurement.phase === 'Successful' ? { ...measurement, message: 'Metric Terminated' } : measurement;
  const measurements = [...(resumed ? before.measurements.slice(0, -1) : before.measurements), taken].slice(-metric.retained);
  const counters = isComplete(taken.phase) ? counted(before, taken.phase) : {};
  const after: MetricResult = { ...before, ...counters, measurements };
  return all.includes(before) ? all.map((each) => (each === before ? after : each)) : [...all, after];
}

function fresh({ name, dryRun }: Metric): MetricResult {
  return { ...noCounters, name, dryRun, phase: 'Running', message: '', measurements: [] };
}
