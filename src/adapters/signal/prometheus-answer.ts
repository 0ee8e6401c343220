import type { MetricReading } from '../../model/analysis.ts';

/** What Prometheus' HTTP API answered, as a reading: labels are dropped, a range is one list after another. */
export function readingOf(answer: unknown): MetricReading {
  if (!isRecord(answer)) return failed('the answer is no JSON object');
  const { status, data, error, errorType } = answer;
  if (status !== 'success') return failed(`${text(errorType) || 'error'}: ${text(error) || 'Prometheus gave no reason'}`);
  const warnings = Array.isArray(answer['warnings']) ? answer['warnings'].map(text) : [];
  const { resultType, result } = isRecord(data) ? data : {};
  switch (resultType) {
    case 'scalar':
      return isSample(result) ? { kind: 'scalar', value: numberOf(result[1]), warnings } : failed('the scalar has no value');
    case 'vector':
      return list(result, warnings, (series) => [series['value']]);
    case 'matrix':
      return list(result, warnings, (series) => (Array.isArray(series['values']) ? series['values'] : [undefined]));
    default:
      return failed('Prometheus metric type not supported');
  }
}

function list(
  result: unknown,
  warnings: readonly string[],
  samples: (series: Readonly<Record<string, unknown>>) => readonly unknown[],
): MetricReading {
  if (!Array.isArray(result)) return failed('the result is no list');
  const found = result.flatMap((series) => (isRecord(series) ? samples(series) : [undefined]));
  return found.every(isSample)
    ? { kind: 'vector', values: found.map(([, value]) => numberOf(value)), warnings }
    : failed('a sample has no value');
}

function isSample(value: unknown): value is readonly [number, string] {
  return Array.isArray(value) && value.length === 2 && typeof value[1] === 'string';
}

function numberOf(text: string): number {
  if (text === '+Inf') return Number.POSITIVE_INFINITY;
  return text === '-Inf' ? Number.NEGATIVE_INFINITY : Number(text);
}

function failed(why: string): MetricReading {
  return { kind: 'failed', why };
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
