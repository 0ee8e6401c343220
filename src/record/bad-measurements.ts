import type { JournalRow } from '../execute/journal.ts';
import type { AnalysisRun, MetricResult } from '../model/analysis.ts';
import type { CanaryRun } from '../model/operation.ts';
import type { Happening } from './happening.ts';

/** The measurements since an earlier state of a policy's step that were no success. */
export function badMeasurements(now: CanaryRun, before: CanaryRun | null): readonly Happening[] {
  return [...fresh(now.inline, before?.inline ?? null), ...fresh(now.background, before?.background ?? null)];
}

export function lastCanary(journal: readonly JournalRow[]): CanaryRun | null {
  const row = journal.findLast(({ event }) => event.kind === 'measured');
  return row?.event.kind === 'measured' ? row.event.canary : null;
}

function fresh(now: AnalysisRun | null, before: AnalysisRun | null): readonly Happening[] {
  return (now?.results ?? []).flatMap((result) => {
    const last = result.measurements.at(-1);
    if (!last || last.phase === 'Successful' || last.finishedAt === finishedAt(result, before)) return [];
    return [{ what: 'measured', metric: result.name, phase: last.phase, value: last.value || last.message }];
  });
}

function finishedAt({ name }: MetricResult, before: AnalysisRun | null): number | null | undefined {
  return before?.results.find((each) => each.name === name)?.measurements.at(-1)?.finishedAt;
}
