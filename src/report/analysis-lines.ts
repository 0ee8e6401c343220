import type { AnalysisRun, MetricResult } from '../model/analysis.ts';
import type { CanaryRun } from '../model/operation.ts';
import type { Icon } from './paper.ts';
import type { OperationProgress } from './progress.ts';

/** A line for each metric of an analysis: how it stands, and what was measured last. */
export function analysisLines(run: AnalysisRun | null, before: string): readonly string[] {
  return (run?.results ?? []).map((result) => `${before}${metricText(result)}`);
}

function metricText({ name, phase, dryRun, count, failed, error, measurements }: MetricResult): string {
  const last = measurements.at(-1);
  const value = last === undefined ? '' : last.value === '' ? `  ${last.message}` : `  ${last.value}`;
  const bad = [...(failed > 0 ? [`${failed} failed`] : []), ...(error > 0 ? [`${error} errors`] : [])].join(', ');
  return `${name.padEnd(12)} ${phase.toLowerCase()}${dryRun ? ' (dry run)' : ''}  ${count} measured${bad === '' ? '' : `, ${bad}`}${value}`;
}

/** A measurement as a line of a log. Null where nothing was measured yet. */
export function analysisSaid(
  { inline, background }: CanaryRun,
  { steps, stepsDone }: OperationProgress,
): readonly [Icon, string] | null {
  const lines = [...analysisLines(inline, ''), ...analysisLines(background, 'beside: ')];
  if (lines.length === 0) return null;
  return ['doing', `${steps[stepsDone]?.step.kind ?? 'analysis'}: ${lines.join('; ').replaceAll(/ {2,}/g, ' ')}`];
}
