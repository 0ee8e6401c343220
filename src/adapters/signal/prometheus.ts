import type { MetricReading } from '../../model/analysis.ts';
import type { MomentRange, OutsideProvider } from '../../ports/metric-source.ts';
import { askOutside } from '../kit/outside-request.ts';
import { redacted } from '../kit/variables.ts';
import { fillHeaders } from './headers.ts';
import { readingOf } from './prometheus-answer.ts';

/** Asks a Prometheus for its value now, or over a range. The query goes in the body, so that no proxy's log has it. */
export async function askPrometheus(
  provider: Extract<OutsideProvider, { kind: 'prometheus' }>,
  range: MomentRange | null,
  signal: AbortSignal,
): Promise<MetricReading> {
  const filled = fillHeaders(provider.headers);
  if ('missing' in filled) return { kind: 'failed', why: `${filled.missing} is not set` };
  const moments = range && {
    start: `${range.from / 1_000}`,
    end: `${range.to / 1_000}`,
    step: `${(provider.range?.step ?? 60_000) / 1_000}`,
  };
  const answer = await askOutside(
    {
      url: `${provider.address.replace(/\/+$/, '')}/api/v1/${moments ? 'query_range' : 'query'}`,
      method: 'POST',
      headers: { ...filled.headers, 'content-type': 'application/x-www-form-urlencoded' },
      body: new URLSearchParams({ query: provider.query, ...(moments ?? {}) }).toString(),
      within: provider.timeout,
      insecure: provider.insecure,
    },
    signal,
  );
  const reading = answer.answered ? read(answer.status, answer.body) : { kind: 'failed' as const, why: answer.why };
  return reading.kind === 'failed' ? { kind: 'failed', why: `Prometheus: ${redacted(reading.why, filled.secrets)}` } : reading;
}

/** Prometheus says what is wrong with a query in the body of a 4xx. */
function read(status: number, body: string): MetricReading {
  try {
    const reading = readingOf(JSON.parse(body));
    return status === 200 || reading.kind === 'failed' ? reading : { kind: 'failed', why: `it answers ${status}` };
  } catch {
    return { kind: 'failed', why: status === 200 ? 'the answer is no JSON' : `it answers ${status}` };
  }
}
