import type { MetricReading } from '../../model/analysis.ts';
import type { MomentRange, OutsideProvider } from '../../ports/metric-source.ts';
import { redacted } from '../kit/variables.ts';
import { readingOf } from './prometheus-answer.ts';
import { askPrometheusFor } from './prometheus-request.ts';

/** Asks a Prometheus for its value now, or over a range. */
export async function askPrometheus(
  provider: Extract<OutsideProvider, { kind: 'prometheus' }>,
  range: MomentRange | null,
  signal: AbortSignal,
): Promise<MetricReading> {
  const moments = range && {
    start: `${range.from / 1_000}`,
    end: `${range.to / 1_000}`,
    step: `${(provider.range?.step ?? 60_000) / 1_000}`,
  };
  const form = { query: provider.query, ...(moments ?? {}) };
  const answer = await askPrometheusFor(provider, moments ? 'query_range' : 'query', form, signal);
  if ('why' in answer) return { kind: 'failed', why: answer.why };
  // What is wrong with a query is said in the body of a 4xx.
  const reading = readingOf(answer.document);
  if (reading.kind === 'failed') return { kind: 'failed', why: `Prometheus: ${redacted(reading.why, answer.secrets)}` };
  return answer.status === 200 ? reading : { kind: 'failed', why: `Prometheus: it answers ${answer.status}` };
}
