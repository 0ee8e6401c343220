import assert from 'node:assert/strict';
import { readingOf } from '../../src/adapters/signal/prometheus-answer.ts';
import { counted } from '../../src/detect/analysis/counters.ts';
import { evaluateMoment } from '../../src/detect/analysis/expression/condition.ts';
import { goDuration } from '../../src/detect/analysis/go-duration.ts';
import { assessMeasurement, assessReading } from '../../src/detect/analysis/measurement.ts';
import { assessMetric } from '../../src/detect/analysis/metric-phase.ts';
import { advance, beginRun } from '../../src/detect/analysis/run.ts';
import { assessRun, isWorse } from '../../src/detect/analysis/run-phase.ts';
import { prometheusTimeout } from '../../src/decide/policy/timeouts.ts';
import type { AnalysisPhase, AnalysisRun, MetricReading } from '../../src/model/analysis.ts';
import * as from from './argo-values.ts';
import type { Fields } from './argo-values.ts';

type Level = (input: Fields, expected: Fields) => void;

const measurement: Level = (input, expected) => {
  from.only(input, 'level', 'result', 'successCondition', 'failureCondition', 'valueString');
  from.only(expected, 'phase', 'errorContains');
  const { phase, message } = assessMeasurement(from.measuredFrom(input['result']), conditions(input));
  assert.equal(phase, expected['phase']);
  assert.ok(message.includes(String(expected['errorContains'] ?? '')), message);
};

const metric: Level = (input, expected) => {
  from.only(input, 'level', 'metric', 'counters', 'lastMeasurementPhase', 'terminating');
  from.only(expected, 'phase');
  const result = from.resultFrom('metric', input['counters'], input['lastMeasurementPhase'], 'Running');
  assert.equal(
    assessMetric(from.metricFrom(input['metric'] as Fields), result, input['terminating'] === true),
    expected['phase'],
  );
};

const run: Level = (input, expected) => {
  from.only(input, 'level', 'metrics', 'results', 'dryRun', 'terminate');
  from.only(expected, 'phase', 'message');
  const dry = (input['dryRun'] ?? []) as readonly string[];
  const metrics = (input['metrics'] as readonly Fields[]).map((each) =>
    from.metricFrom(each, dry.includes(String(each['name']))),
  );
  const results = ((input['results'] ?? []) as readonly Fields[]).map((each) => {
    from.only(each, 'name', 'phase', 'counters', 'lastMeasurementPhase', 'message');
    const name = String(each['name']);
    const phase = each['phase'] as AnalysisPhase;
    return from.resultFrom(
      name,
      each['counters'],
      each['lastMeasurementPhase'],
      phase,
      dry.includes(name),
      String(each['message'] ?? ''),
    );
  });
  const assessed = assessRun({ ...beginRun(0), results }, metrics, input['terminate'] === true);
  assert.equal(assessed.phase, expected['phase']);
  if ('message' in expected) assert.equal(assessed.message, expected['message']);
};

const order: Level = (input, expected) => {
  from.only(input, 'level', 'current', 'new');
  from.only(expected, 'newIsWorse');
  assert.equal(isWorse(input['current'] as AnalysisPhase, input['new'] as AnalysisPhase), expected['newIsWorse']);
};

const counters: Level = (input, expected) => {
  from.only(input, 'level', 'before', 'measured');
  const after = counted(from.countersFrom(input['before']), input['measured'] as AnalysisPhase);
  from.only(expected, ...Object.keys(after));
  for (const [key, value] of Object.entries(expected)) assert.equal(after[key as keyof typeof after], value, key);
};

const provider: Level = (input, expected) => {
  from.only(
    input,
    ...[
      'level',
      'httpError',
      'timeout',
      'responseType',
      'result',
      'successCondition',
      'failureCondition',
      'warnings',
      'rangeQuery',
    ],
  );
  from.only(expected, 'phase', 'value', 'timeoutSeconds', 'error', 'errorContains', 'metadata');
  if ('timeout' in input) {
    const timeout = prometheusTimeout(input['timeout'] as number | null);
    if ('error' in expected) assert.equal(typeof timeout, 'string');
    else assert.equal(timeout, Number(expected['timeoutSeconds']) * 1_000);
    return;
  }
  const reading = answered(input);
  const found = assessReading(reading, { ...conditions(input), onNoData: null });
  const problem = reading.kind === 'failed' ? reading.why : found.message;
  if ('phase' in expected) assert.equal(found.phase, expected['phase']);
  if ('value' in expected) assert.equal(found.value, expected['value']);
  if ('error' in expected) assert.equal(expected['error'] === null, problem === '');
  if ('errorContains' in expected) assert.equal(found.phase, 'Error');
  if ('metadata' in expected && from.isFields(expected['metadata'])) {
    from.only(expected['metadata'], 'warnings');
    const warnings = reading.kind === 'vector' || reading.kind === 'scalar' ? reading.warnings : [];
    assert.equal(warnings.map((each) => `"${each}"`).join(', '), expected['metadata']['warnings'] ?? '');
  }
};

function answered(input: Fields): MetricReading {
  if ('httpError' in input) return { kind: 'failed', why: String(input['httpError']) };
  const range = input['rangeQuery'];
  if (from.isFields(range)) {
    from.only(range, 'start', 'end', 'step');
    for (const edge of ['start', 'end']) {
      const moment = evaluateMoment(String(range[edge]), () => 0);
      if (!moment.ok) return { kind: 'failed', why: moment.error };
    }
    if (typeof goDuration(String(range['step'])) === 'string') return { kind: 'failed', why: 'step' };
  }
  const type = String(input['responseType'] ?? (range ? 'matrix' : 'vector')).toLowerCase();
  return readingOf({
    status: 'success',
    data: { resultType: type, result: prometheus(type, input['result']) },
    warnings: input['warnings'] ?? [],
  });
}

function prometheus(type: string, result: unknown): unknown {
  const sample = (value: unknown) => [0, text(from.numberFrom(value))];
  const values = Array.isArray(result) ? result : result === undefined || result === null ? [] : [result];
  if (type === 'scalar') return sample(result);
  if (type === 'vector') return values.map((value) => ({ metric: {}, value: sample(value) }));
  const series = values.some(Array.isArray) ? values : [values];
  if (type === 'matrix') return series.map((each) => ({ metric: {}, values: (each as readonly unknown[]).map(sample) }));
  return result;
}

function text(value: number): string {
  if (Number.isFinite(value) || Number.isNaN(value)) return String(value);
  return value > 0 ? '+Inf' : '-Inf';
}

const reconcile: Level = (input, expected) => {
  from.only(input, 'level', 'metric', 'measured', 'completedSibling', 'inFlight', 'terminateReturns', 'wet', 'dry');
  from.only(expected, 'metricPhase', 'phase', 'inFlightMetricPhase', 'inFlightMessage', 'message');
  if ('completedSibling' in input) return terminated(input, expected);
  const arms = 'wet' in input || 'dry' in input ? [arm(input['wet'], 'wet'), arm(input['dry'], 'dry')] : [arm(input, 'metric')];
  const taken = arms.filter((each) => each !== null);
  const after = advance(
    beginRun(0),
    taken.map(({ metric: each }) => each),
    taken,
    false,
  );
  assert.equal(after.phase, expected['phase']);
  if ('metricPhase' in expected) assert.equal(after.results[0]?.phase, expected['metricPhase']);
  if ('message' in expected) assert.equal(after.message, expected['message']);
};

function arm(written: unknown, name: string) {
  if (!from.isFields(written)) return null;
  const { metric: described, measured, level: _level, phase, ...rest } = written;
  const fields = { ...rest, ...(from.isFields(described) ? described : {}), name };
  return {
    metric: from.metricFrom(fields, name === 'dry'),
    measurement: from.measurementOf((measured ?? phase) as AnalysisPhase),
    resumed: false,
  };
}

/** One metric has ended and another is in flight: that one is told to stop. */
function terminated(input: Fields, expected: Fields): void {
  const metrics = [from.metricFrom({ name: 'ended' }), from.metricFrom({ name: 'flying', interval: '60s' })];
  const [ended, flying] = metrics as [(typeof metrics)[0], (typeof metrics)[0]];
  const before: AnalysisRun = {
    ...beginRun(0),
    results: [
      from.resultFrom('ended', {}, input['completedSibling'], input['completedSibling'] as AnalysisPhase),
      from.resultFrom('flying', {}, 'Running', 'Running'),
    ],
  };
  const stopped = from.measurementOf(input['terminateReturns'] as AnalysisPhase, 'Metric Terminated');
  const after = advance(
    before,
    [ended, flying],
    input['inFlight'] ? [{ metric: flying, measurement: stopped, resumed: true }] : [],
    false,
  );
  assert.equal(after.phase, expected['phase']);
  const [, result] = after.results;
  if ('inFlightMetricPhase' in expected) assert.equal(result?.phase, expected['inFlightMetricPhase']);
  if ('inFlightMessage' in expected) assert.equal(result?.message, expected['inFlightMessage']);
}

function conditions(input: Fields) {
  return { successCondition: String(input['successCondition'] ?? ''), failureCondition: String(input['failureCondition'] ?? '') };
}

export const levels: Readonly<Record<string, Level>> = { measurement, metric, run, order, counters, provider, reconcile };
