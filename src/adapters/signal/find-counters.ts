import { type CounterKind, counterKinds, type PrometheusSignals } from '../../model/service.ts';
import { type Exports, servicesIn, takeIn } from './counter-answer.ts';
import { counterQuery, nameOf, presenceQuery } from './counter-query.ts';

/** Asks one query, at a moment in ms of the server's own clock or, null, now. A text says why there is no answer. */
export type Ask = (
  query: string,
  at: number | null,
  signal: AbortSignal,
) => Promise<{ readonly document: unknown } | { readonly why: string }>;

/** What was found of services, all at one moment in ms of the server's clock. */
export interface Found {
  readonly at: number;
  readonly exports: Exports;
  /** Of services of which what was found cannot be used: why. */
  readonly unusable: ReadonlyMap<string, string>;
  /** Why nothing was found of any of them, or null. */
  readonly why: string | null;
}

/** At most so many services are in one query. */
export const together = 1_000;

/** Counters of many services: one query for each counter, and one more for a counter of which some service has nothing. */
export async function findCounters(
  names: readonly string[],
  source: PrometheusSignals,
  ask: Ask,
  signal: AbortSignal,
): Promise<Found> {
  const exports: Exports = new Map();
  const nothing = (why: string): Found => ({ at: 0, exports: new Map(), unusable: new Map(), why });
  const take = async (kind: CounterKind, at: number | null): Promise<number | null | string> => {
    const answer = await ask(counterQuery(kind, source, names), at, signal);
    if ('why' in answer) return answer.why;
    const taken = takeIn(answer.document, kind, source, exports);
    return typeof taken === 'string' ? `Prometheus: ${taken}` : taken;
  };
  // At the server's own time, which the other counters are then asked for too: nobody's clock is compared with another's.
  const at = await take('requests', null);
  if (typeof at === 'string') return nothing(at);
  if (at === null) return { at: 0, exports, unusable: new Map(), why: null };
  const others = counterKinds.filter((kind) => kind !== 'requests' && source.counters[kind] !== undefined);
  const answers = await Promise.all(others.map((kind) => take(kind, at)));
  const refused = answers.find((answer) => typeof answer === 'string');
  if (typeof refused === 'string') return nothing(refused);
  const unusable = new Map<string, string>();
  for (const kind of others) {
    const without = names.filter((name) => exports.has(name) && !has(exports, name, kind));
    if (without.length === 0) continue;
    const answer = await ask(presenceQuery(kind, source, without), at, signal);
    const known = 'why' in answer ? answer.why : servicesIn(answer.document, source.labels.service);
    if (typeof known === 'string') return nothing(known);
    for (const name of without)
      if (!known.has(name)) unusable.set(name, `there are no series ${nameOf(source.counters[kind] ?? '')} of ${name}`);
  }
  return { at, exports, unusable, why: null };
}

function has(exports: Exports, name: string, kind: CounterKind): boolean {
  for (const { at } of exports.get(name)?.values() ?? []) if (at[kind] !== undefined) return true;
  return false;
}
