import { fail, type Problem } from '../../model/errors.ts';
import type { CountersReading } from '../../model/hosting.ts';
import type { PrometheusSignals } from '../../model/service.ts';
import type { TrafficSignal } from '../../ports/traffic.ts';
import { redacted } from '../kit/variables.ts';
import { CoalescedCounters } from './coalesced-counters.ts';
import { readingFrom } from './exported-reading.ts';
import type { Ask, Found } from './find-counters.ts';
import { askPrometheusFor } from './prometheus-request.ts';
import { QueryPace } from './query-pace.ts';

/** A histogram of a thousand services. */
const longest = 64 * 1_048_576;

/** Services of this process that are asked for together, and the servers that are asked. */
const groups = new Map<string, CoalescedCounters>();
const paces = new Map<string, QueryPace>();

/** Counters of a service that a Prometheus scrapes: raw values, each with when it was taken. */
export function prometheusSignal(source: PrometheusSignals): TrafficSignal {
  const { service: name, ...shared } = source;
  const key = JSON.stringify(shared);
  const group = groups.get(key) ?? new CoalescedCounters(source, askOf(source));
  groups.set(key, group);
  let last: { readonly found: Found; readonly reading: CountersReading } | null = null;
  return {
    query: async (signal) => {
      const found = await group.query(name, signal);
      // It is asked for more often than Prometheus is.
      if (last?.found === found) return last.reading;
      const { exports, at, unusable } = found;
      const problem = found.why ?? unusable.get(name) ?? null;
      if (problem !== null) return fail(absent(name, problem));
      const exported = exports.get(name);
      if (!exported) return fail(absent(name, `Prometheus has no ${source.counters.requests} of ${name}`));
      const reading = readingFrom(exported.values(), at);
      if (!reading) return fail(absent(name, `the counters of ${name} are not of one scrape`));
      last = { found, reading };
      return reading;
    },
    online: async (signal) => {
      const answer = await askOf(source)('vector(1)', null, signal);
      return !('why' in answer) && (answer.document as { status?: unknown } | null)?.status === 'success';
    },
  };
}

function askOf(source: PrometheusSignals): Ask {
  const pace = paces.get(source.address) ?? new QueryPace();
  paces.set(source.address, pace);
  return async (query, at, signal) => {
    await pace.turn(signal);
    const moment = at === null ? {} : { time: `${at / 1_000}` };
    const answer = await askPrometheusFor({ ...source, longest }, 'query', { query, ...moment }, signal);
    signal.throwIfAborted();
    if ('why' in answer) return answer;
    const { error } = (answer.document ?? {}) as { readonly error?: unknown };
    if (answer.status === 200) return answer;
    return { why: `Prometheus: ${typeof error === 'string' ? redacted(error, answer.secrets) : `it answers ${answer.status}`}` };
  };
}

function absent(name: string, why: string): Problem {
  return {
    code: 'counters.absent',
    what: `nobody tells what ${name} counted`,
    why,
    touched: 'no',
    next: 'see signals.prometheus in sofare.yaml',
  };
}
