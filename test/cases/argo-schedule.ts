import assert from 'node:assert/strict';
import { beginRun } from '../../src/detect/analysis/run.ts';
import { dueMetrics, nextMoment } from '../../src/detect/analysis/schedule.ts';
import type { AnalysisPhase, AnalysisRun, Metric, MetricResult } from '../../src/model/analysis.ts';
import * as from from './argo-values.ts';
import type { Fields } from './argo-values.ts';

const now = 1_000_000_000;
const timing = [
  'interval',
  'lastFinishedAgoSec',
  'lastPhase',
  'lastFinished',
  'initialDelay',
  'count',
  'taken',
  'resumeInSec',
  'name',
];

/** When the next measurement happens. */
export function runSchedule(input: Fields, expected: Fields): void {
  from.only(input, ...timing, 'metrics', 'results', 'runStartedAgoSec');
  from.only(expected, 'measureNow', 'resume', 'nextInSec');
  const described = (Array.isArray(input['metrics']) ? input['metrics'] : [input]) as readonly (Fields | string)[];
  const cases = described.map((each, index) => one(each, index, input));
  const metrics = cases.map(({ metric }) => metric);
  const started = input['runStartedAgoSec'];
  const run: AnalysisRun = {
    ...beginRun(started === null ? Number.POSITIVE_INFINITY : now - Number(started ?? 0) * 1_000),
    results: cases.flatMap(({ result }) => (result ? [result] : [])),
  };
  const due = dueMetrics(run, metrics, now, false);
  if ('measureNow' in expected) assert.equal(due.length > 0, expected['measureNow']);
  if ('resume' in expected)
    assert.equal(
      due.some(({ resume }) => resume),
      expected['resume'],
    );
  if (!('nextInSec' in expected)) return;
  const next = nextMoment(run, metrics);
  assert.equal(next === null ? null : Math.round((next - now) / 1_000), expected['nextInSec']);
}

function one(written: Fields | string, index: number, whole: Fields): { metric: Metric; result: MetricResult | null } {
  const fields = typeof written === 'string' ? { name: written } : written;
  if (fields !== whole) from.only(fields, ...timing);
  const { name = `m${index}`, interval, initialDelay, count } = fields as Fields;
  const metric = from.metricFrom({ name, interval, initialDelay, ...(count === undefined ? {} : { count }) });
  const ended = from.isFields(whole['results']) ? whole['results'][metric.name] : undefined;
  if (typeof ended === 'string') return { metric, result: from.resultFrom(metric.name, {}, ended, ended as AnalysisPhase) };
  const begun = ['lastFinishedAgoSec', 'lastPhase', 'lastFinished', 'taken', 'resumeInSec'].some((key) => key in fields);
  if (!begun) return { metric, result: null };
  const flying = ('lastFinished' in fields && fields['lastFinished'] === null) || 'resumeInSec' in fields;
  const measurement = {
    ...from.measurementOf((fields['lastPhase'] ?? 'Successful') as AnalysisPhase),
    finishedAt: flying ? null : now - Number(fields['lastFinishedAgoSec'] ?? 0) * 1_000,
    resumeAt: 'resumeInSec' in fields && fields['resumeInSec'] !== null ? now + Number(fields['resumeInSec']) * 1_000 : null,
  };
  const counters = { count: Number(fields['taken'] ?? 0) };
  return { metric, result: { ...from.resultFrom(metric.name, counters, null, 'Running'), measurements: [measurement] } };
}
