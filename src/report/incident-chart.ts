import type { Incident } from '../record/incident-view.ts';
import type { ChartView } from './chart.ts';
import type { RateBand } from './chart-rates.ts';
import { goodOf, metricWords, rateText } from './incident-words.ts';
import { duration, instant } from './duration.ts';
import { weightsText } from './step.ts';

/** What the chart of an incident shows. Of a deploy that lies far back only its mark at the edge, so that the rest can be seen. */
export function incidentChart(incident: Incident): ChartView {
  const { series, from, to, milestones, times, openedAt, operation, kind } = incident;
  const { deployed, exposed, detected, began, safe, verified, ended } = milestones;
  const moments = [began, safe, verified, kind === 'taken-back' ? ended : null, openedAt].filter((at) => at !== null);
  const last = Math.max(...moments, series.intervals.at(-1)?.to ?? 0);
  const core = Math.min(series.intervals[0]?.from ?? Infinity, began ?? Infinity, openedAt);
  const length = Math.max(2_000, last - core);
  const early = deployed ?? exposed ?? core;
  const near = core - early <= 3 * length;
  const edge = (near ? Math.min(early, core) : core) - length * 0.04;
  const before = near || deployed === null ? '' : ` ${duration(core - deployed)} before`;
  const mark = (at: number | null, label: string): ChartView['ticks'] => (at === null ? [] : [{ at, label }]);
  return {
    title: `${incident.name}: ${from} and ${goodOf(incident)} over time`,
    description: describe(incident),
    bad: from,
    good: to,
    bands: bandsOf(incident),
    weights: series.weights,
    ticks: [
      ...mark(deployed, `deployed${before}`),
      ...mark(detected, 'detected'),
      ...(detected === null ? mark(began, 'command') : []),
      ...operation.takeovers.flatMap(({ at, after }) => (after === 'interrupted' ? mark(at, 'taken over') : [])),
      ...mark(safe, times.safe === null ? 'safe' : `safe after ${duration(times.safe)}`),
      ...mark(verified, 'verified'),
      ...(kind === 'undecided' ? mark(openedAt, 'undecided') : []),
    ],
    from: Math.floor(edge),
    to: Math.ceil(last + length * 0.04),
  };
}

function bandsOf({ series, from }: Incident): readonly RateBand[] {
  if (series.intervals.length === 0) return [];
  const errors = {
    title: 'error rate',
    points: series.intervals.map(({ from: begin, to, errors: counts }) => ({ from: begin, to, ...counts })),
  };
  if (series.second === null) return [errors];
  const points = series.intervals.flatMap(({ from: begin, to, second }) => (second ? [{ from: begin, to, ...second }] : []));
  return [errors, { title: `${metricWords[series.second]}: what decided about ${from}`, points }];
}

function describe(incident: Incident): string {
  const { impact, series, from } = incident;
  const harms = impact.harms.map(
    ({ kind, bad, stable }) => `${kind} of ${from}: ${rateText(bad)}, of ${goodOf(incident)}: ${rateText(stable)}`,
  );
  const shares = series.weights.slice(0, 12).map(({ at, weights }) => `${instant(at)} ${weightsText(weights)}`);
  return [...(harms.length > 0 ? harms : ['error rates were not recorded']), `traffic: ${shares.join('; ')}`].join('. ');
}
