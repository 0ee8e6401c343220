import { latencyKind } from '../../model/counting.ts';
import { latencyBuckets } from '../../model/hosting.ts';
import type { CounterKind, PrometheusSignals } from '../../model/service.ts';
import { timeLabel } from './counter-query.ts';

/** What one process exports of one version of one service. */
export interface Exported {
  readonly version: string;
  readonly instance: string;
  /** When each counter was scraped, in ms. */
  readonly at: Partial<Record<CounterKind, number>>;
  readonly values: Record<string, number>;
}

/** By service, then by version and process. */
export type Exports = Map<string, Map<string, Exported>>;

interface Labels {
  readonly [name: string]: string | undefined;
}

/**
 * Takes what Prometheus answered to the query for one counter in, and returns when it evaluated it, in ms; null: there was nothing. A text
 * says why the answer cannot be used: one with a warning may be a part of the whole, and a part would be taken for all of it.
 */
export function takeIn(
  document: unknown,
  kind: CounterKind,
  { labels, counters }: Pick<PrometheusSignals, 'labels' | 'counters'>,
  exports: Exports,
): number | null | string {
  const result = vectorOf(document);
  if (typeof result === 'string') return result;
  const unit = /_milliseconds_bucket(?:\{|$)/.test(counters.latency ?? '') ? 1 : 1_000;
  let evaluated: number | null = null;
  for (const { metric, value } of result) {
    const [service, version, instance = ''] = [metric[labels.service], metric[labels.version], metric[labels.instance]];
    if (service === undefined || version === undefined) continue;
    evaluated = Math.round(value[0] * 1_000);
    const exported = exportedOf(exports, service, version, instance);
    if (metric[timeLabel] !== undefined) exported.at[kind] = Math.round(Number(value[1]) * 1_000);
    else if (kind !== 'latency') exported.values[kind] = numberOf(value[1]);
    else {
      const named = latencyKind(bucketOf(numberOf(metric['le'] ?? '') * unit));
      // Two edges that lie closer than ours: the upper one holds both.
      exported.values[named] = Math.max(exported.values[named] ?? 0, numberOf(value[1]));
    }
  }
  return evaluated;
}

/** The services that an answer names. */
export function servicesIn(document: unknown, label: string): ReadonlySet<string> | string {
  const result = vectorOf(document);
  return typeof result === 'string' ? result : new Set(result.flatMap(({ metric }) => metric[label] ?? []));
}

interface Sample {
  readonly metric: Labels;
  readonly value: readonly [number, string];
}

function vectorOf(document: unknown): readonly Sample[] | string {
  const { status, data, error, warnings } = (document ?? {}) as {
    readonly status?: unknown;
    readonly data?: { readonly resultType?: unknown; readonly result?: unknown };
    readonly error?: unknown;
    readonly warnings?: unknown;
  };
  if (status !== 'success') return typeof error === 'string' ? error : 'it gave no reason';
  if (Array.isArray(warnings) && warnings.length > 0) return `it warns: ${String(warnings[0])}`;
  const result = data?.result;
  if (data?.resultType !== 'vector' || !Array.isArray(result)) return 'the answer is no vector';
  return result.every(isSample) ? result : 'a sample has no value';
}

function isSample(sample: Partial<Sample> | null): sample is Sample {
  return (
    typeof sample?.metric === 'object' &&
    Array.isArray(sample.value) &&
    sample.value.length === 2 &&
    typeof sample.value[1] === 'string'
  );
}

function exportedOf(exports: Exports, service: string, version: string, instance: string): Exported {
  const key = `${version}\0${instance}`;
  const ofService = exports.get(service) ?? new Map<string, Exported>();
  const known = ofService.get(key) ?? { version, instance, at: {}, values: {} };
  if (ofService.size === 0) exports.set(service, ofService);
  ofService.set(key, known);
  return known;
}

/** The smallest of our edges at or above it, by halving; beyond the last one: all. */
function bucketOf(edge: number): number {
  const least = edge * (1 - 1e-9);
  let low = 0;
  let high = latencyBuckets.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((latencyBuckets[middle] ?? 0) >= least) high = middle;
    else low = middle + 1;
  }
  return low;
}

function numberOf(text: string): number {
  return text === '+Inf' ? Number.POSITIVE_INFINITY : text === '-Inf' ? Number.NEGATIVE_INFINITY : Number(text);
}
