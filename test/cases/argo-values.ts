import type { Metric, MetricCounters, MetricResult, AnalysisPhase } from '../../src/model/analysis.ts';
import { noCounters } from '../../src/detect/analysis/counters.ts';
import type { Measured } from '../../src/detect/analysis/expression/condition.ts';
import * as t from '../../src/detect/analysis/expression/types.ts';
import { fromJson, type Value } from '../../src/detect/analysis/expression/values.ts';
import { goDuration } from '../../src/detect/analysis/go-duration.ts';

export type Fields = Readonly<Record<string, unknown>>;

export function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Only these keys may be there; any other would be a part of the case that nobody looks at. */
export function only(fields: Fields, ...known: readonly string[]): void {
  const unknown = Object.keys(fields).filter((key) => !known.includes(key));
  if (unknown.length > 0) throw new Error(`the keys are unknown: ${unknown.join(', ')}`);
}

const specials: Readonly<Record<string, number>> = {
  'NaN': Number.NaN,
  '+Inf': Number.POSITIVE_INFINITY,
  '-Inf': Number.NEGATIVE_INFINITY,
};

/** A value as the file writes it, with the type that Argo's provider would have given it. */
export function measuredFrom(written: unknown): Measured {
  if (written === null || written === undefined) return { type: t.nil, value: null };
  if (typeof written === 'boolean') return { type: t.bool, value: written };
  if (typeof written === 'number') return { type: t.float, value: written };
  if (typeof written === 'string') return { type: t.string, value: written };
  if (Array.isArray(written)) return listFrom(written);
  const fields = written as Fields;
  if (!Object.keys(fields).some((key) => key.startsWith('$'))) return { type: t.map, value: plain(written) };
  only(fields, '$float', '$int', '$any', '$nilFloatPtr', '$floatPtr');
  if ('$nilFloatPtr' in fields) return { type: t.nil, value: null };
  if ('$int' in fields) return { type: t.int, value: BigInt(fields['$int'] as number) };
  if ('$any' in fields) return { type: t.list, value: (fields['$any'] as readonly unknown[]).map(plain) };
  return { type: t.float, value: numberFrom('$floatPtr' in fields ? fields['$floatPtr'] : fields) };
}

function listFrom(written: readonly unknown[]): Measured {
  const numbers = written.every((each) => typeof each === 'number' || (isFields(each) && '$float' in each));
  return numbers ? { type: t.floats, value: written.map(numberFrom) } : { type: t.list, value: written.map(plain) };
}

export function numberFrom(written: unknown): number {
  if (isFields(written)) return specials[String(written['$float'])] ?? Number(written['$float']);
  return Number(written);
}

function plain(written: unknown): Value {
  if (isFields(written) && Object.keys(written).some((key) => key.startsWith('$'))) return measuredFrom(written).value;
  if (Array.isArray(written)) return written.map(plain);
  if (isFields(written)) return new Map(Object.entries(written).map(([key, value]) => [key, plain(value)]));
  return fromJson(written);
}

/** Argo takes a number or a text there, and a text that is no number for 0. */
export function integer(written: unknown, otherwise: number): number {
  if (written === null || written === undefined) return otherwise;
  return typeof written === 'number' ? written : /^[+-]?\d+$/.test(String(written)) ? Number(written) : 0;
}

export function durationFrom(written: unknown): number | null {
  if (typeof written !== 'string' || written === '') return null;
  const read = goDuration(written);
  return typeof read === 'number' ? read : null;
}

export const metricKeys = [
  'name',
  'interval',
  'initialDelay',
  'count',
  'successCondition',
  'failureCondition',
  'failureLimit',
  'inconclusiveLimit',
  'consecutiveErrorLimit',
  'consecutiveSuccessLimit',
  'provider',
] as const;

export function metricFrom(fields: Fields, dryRun = false): Metric {
  only(fields, ...metricKeys);
  return {
    name: String(fields['name'] ?? 'metric'),
    interval: durationFrom(fields['interval']),
    initialDelay: durationFrom(fields['initialDelay']),
    count: fields['count'] === undefined ? null : integer(fields['count'], 0),
    successCondition: String(fields['successCondition'] ?? ''),
    failureCondition: String(fields['failureCondition'] ?? ''),
    failureLimit: integer(fields['failureLimit'], 0),
    inconclusiveLimit: integer(fields['inconclusiveLimit'], 0),
    consecutiveErrorLimit: integer(fields['consecutiveErrorLimit'], 4),
    consecutiveSuccessLimit: integer(fields['consecutiveSuccessLimit'], 0),
    provider: { kind: 'command', command: ['true'], jsonPath: '', timeout: 1_000 },
    dryRun,
    retained: 10,
    onNoData: null,
  };
}

export function countersFrom(fields: unknown): MetricCounters {
  const given = isFields(fields) ? fields : {};
  only(given, ...Object.keys(noCounters));
  return { ...noCounters, ...(given as Partial<MetricCounters>) };
}

/** A metric's result with a last measurement of this phase; without any where there is none. */
export function resultFrom(
  name: string,
  counters: unknown,
  last: unknown,
  phase: AnalysisPhase,
  dryRun = false,
  message = '',
): MetricResult {
  const taken = typeof last === 'string' ? [measurementOf(last as AnalysisPhase)] : [];
  return { ...countersFrom(counters), name, phase, dryRun, message, measurements: taken };
}

export function measurementOf(phase: AnalysisPhase, message = '') {
  const finished = phase !== 'Running' && phase !== 'Pending';
  return { phase, value: '', message, startedAt: 0, finishedAt: finished ? 0 : null, resumeAt: null };
}
