import type { MetricReading } from '../../model/analysis.ts';
import type { Measured } from './expression/condition.ts';
import * as t from './expression/types.ts';
import { fromJson } from './expression/values.ts';

/** What a condition sees of a reading: a vector is a list of floats without labels, JSON is what it holds. */
export function measuredOf(reading: Exclude<MetricReading, { kind: 'failed' | 'text' }>): Measured {
  if (reading.kind === 'scalar') return { type: t.float, value: reading.value };
  if (reading.kind === 'vector') return { type: t.floats, value: reading.values };
  const value = fromJson(reading.document);
  return { type: typeOfJson(reading.document), value };
}

export function typeOfJson(document: unknown): t.Type {
  if (document === null || document === undefined) return t.nil;
  if (Array.isArray(document)) return t.list;
  if (typeof document === 'boolean') return t.bool;
  if (typeof document === 'number') return t.float;
  return typeof document === 'string' ? t.string : t.map;
}

/** A float in full, as Prometheus' client writes it. */
export function goFixed(value: number): string {
  if (Number.isNaN(value)) return 'NaN';
  if (!Number.isFinite(value)) return value > 0 ? '+Inf' : '-Inf';
  const text = String(value);
  if (!text.includes('e')) return text;
  return Math.abs(value) >= 1 ? BigInt(value).toString() : value.toFixed(100).replace(/0+$/, '');
}
