import { type AnalysisPhase, type AnalysisRun, isComplete, type Metric, type MetricResult } from '../../model/analysis.ts';
import { assessMetric, breachOf } from './metric-phase.ts';

/** From best to worst for a whole run; not the order within one metric. */
const worsening: readonly AnalysisPhase[] = ['Successful', 'Running', 'Pending', 'Inconclusive', 'Error', 'Failed'];

export function isWorse(current: AnalysisPhase, next: AnalysisPhase): boolean {
  return worsening.indexOf(next) > worsening.indexOf(current);
}

/** Told to stop, or one metric that counts has ended badly: nothing new is measured. */
export function isTerminating(results: readonly MetricResult[], terminate: boolean): boolean {
  return terminate || results.some(({ dryRun, phase }) => !dryRun && ['Failed', 'Error', 'Inconclusive'].includes(phase));
}

/** The run after its measurements: the phase of each metric, and that of the whole, with the sentence that says why. */
export function assessRun(run: AnalysisRun, metrics: readonly Metric[], terminate: boolean): AnalysisRun {
  const terminating = isTerminating(run.results, terminate);
  const results = run.results.map((result) => assessed(result, metrics, terminating));
  let worst: AnalysisPhase | null = null;
  let message = terminate ? 'Run Terminated' : '';
  let complete = true;
  for (const metric of metrics) {
    const result = results.find(({ name }) => name === metric.name);
    if (!result || !isComplete(result.phase)) {
      complete = false;
      continue;
    }
    if (metric.dryRun) {
      worst ??= 'Successful';
      continue;
    }
    if (worst !== null && !isWorse(worst, result.phase)) continue;
    worst = result.phase;
    const breach = breachOf(metric, result);
    const said = result.message === '' ? '' : `: "Error Message: ${result.message}"`;
    if (breach) message = `Metric "${metric.name}" assessed ${result.phase} due to ${breach.message}${said}`;
  }
  if (terminating) return { ...run, results, phase: worst ?? 'Successful', message };
  return complete && worst !== null
    ? { ...run, results, phase: worst, message }
    : { ...run, results, phase: 'Running', message: '' };
}

function assessed(result: MetricResult, metrics: readonly Metric[], terminating: boolean): MetricResult {
  const metric = metrics.find(({ name }) => name === result.name);
  const phase = metric ? assessMetric(metric, result, terminating) : result.phase;
  return phase === result.phase ? result : { ...result, phase, message: result.measurements.at(-1)?.message ?? result.message };
}
