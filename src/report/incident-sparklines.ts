import type { Counted } from '../record/impact.ts';
import type { Incident } from '../record/incident-view.ts';
import { goodOf, metricWords } from './incident-words.ts';
import { sparkline } from './sparkline.ts';

const cells = 40;

export interface SparklineRow {
  readonly name: string;
  readonly line: string;
}

/** The bad rates of both versions on one scale each metric, where no picture can be shown. Intervals are summed, never picked. */
export function incidentSparklines(incident: Incident): readonly SparklineRow[] {
  const { series, from } = incident;
  if (series.intervals.length === 0) return [];
  const rows = (
    name: string,
    pick: (index: number) => { readonly bad: Counted; readonly stable: Counted },
  ): readonly SparklineRow[] => {
    const groups = grouped(series.intervals.length);
    const rates = (arm: 'bad' | 'stable'): readonly (number | null)[] =>
      groups.map((group) => rateOf(group.map((index) => pick(index)[arm])));
    const [bad, stable] = [rates('bad'), rates('stable')];
    // One line drawn after the other, so that both have the same height for the same rate.
    const both = sparkline([...bad, ...stable], bad.length + stable.length);
    return [
      { name: `${name}, ${from}`, line: both.slice(0, bad.length) },
      { name: `${name}, ${goodOf(incident)}`, line: both.slice(bad.length) },
    ];
  };
  const none = { bad: { bad: 0, of: 0 }, stable: { bad: 0, of: 0 } };
  return [
    ...rows('errors', (index) => series.intervals[index]?.errors ?? none),
    ...(series.second === null ? [] : rows(metricWords[series.second], (index) => series.intervals[index]?.second ?? none)),
  ];
}

function grouped(length: number): readonly (readonly number[])[] {
  const size = Math.ceil(length / cells);
  return Array.from({ length: Math.ceil(length / size) }, (_, group) =>
    Array.from({ length: Math.min(size, length - group * size) }, (__, index) => group * size + index),
  );
}

function rateOf(counts: readonly Counted[]): number | null {
  const of = counts.reduce((sum, each) => sum + each.of, 0);
  return of === 0 ? null : counts.reduce((sum, each) => sum + each.bad, 0) / of;
}
