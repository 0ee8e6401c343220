import { type CounterKind, counterKinds, type PrometheusSignals } from '../../model/service.ts';
import { type Exports, servicesIn, takeIn } from './counter-answer.ts';
import { counterQuery, nameOf, presenceQuery } from './counter-query.ts';

/** Asks one query, at a moment in ms of the server's own clock or, null, now. A text says why there is no answer. */
export type Ask = (
  query: string,
  at: number | null,
  signal: AbortSignal,
) => Promise<{ readonly document: unknown } | { readonly why: string }>;

/** What was found of each service, or why nothing was. */
export interface Found {
  readonly exports: Exports;
  readonly at: ReadonlyMap<string, number>;
  readonly why: ReadonlyMap<string, string>;
}

/** So many services are in one query. */
const together = 1_000;

/** Counters of many services: one query for each counter, and one more for a counter of which some service has nothing. */
export async function findCounters(
  names: readonly string[],
  source: PrometheusSignals,
  ask: Ask,
  signal: AbortSignal,
): Promise<Found> {
  const found = { exports: new Map() as Exports, at: new Map<string, number>(), why: new Map<string, string>() };
  for (let first = 0; first < names.length; first += together) {
    const some = names.slice(first, first + together);
    const { at, why } = await findSome(some, source, ask, found.exports, found.why, signal);
    for (const name of some) {
      if (why !== null) found.why.set(name, why);
      if (at !== null) found.at.set(name, at);
    }
  }
  return found;
}

async function findSome(
  names: readonly string[],
  source: PrometheusSignals,
  ask: Ask,
  exports: Exports,
  missing: Map<string, string>,
  signal: AbortSignal,
): Promise<{ readonly at: number | null; readonly why: string | null }> {
  const take = async (kind: CounterKind, at: number | null): Promise<number | null | string> => {
    const answer = await ask(counterQuery(kind, source, names), at, signal);
    if ('why' in answer) return answer.why;
    const taken = takeIn(answer.document, kind, source, exports);
    return typeof taken === 'string' ? `Prometheus: ${taken}` : taken;
  };
  // At the server's own time, which the other counters are then asked for too: nobody's clock is compared with another's.
  const at = await take('requests', null);
  if (typeof at === 'string') return { at: null, why: at };
  if (at === null) return { at, why: null };
  const others = counterKinds.filter((kind) => kind !== 'requests' && source.counters[kind] !== undefined);
  const answers = await Promise.all(others.map((kind) => take(kind, at)));
  const refused = answers.find((answer) => typeof answer === 'string');
  if (typeof refused === 'string') return { at: null, why: refused };
  for (const kind of others) {
    const without = names.filter((name) => exports.has(name) && !has(exports, name, kind));
    if (without.length === 0) continue;
    const answer = await ask(presenceQuery(kind, source, without), at, signal);
    const known = 'why' in answer ? answer.why : servicesIn(answer.document, source.labels.service);
    if (typeof known === 'string') return { at: null, why: known };
    for (const name of without)
      if (!known.has(name)) missing.set(name, `there are no series ${nameOf(source.counters[kind] ?? '')} of ${name}`);
  }
  return { at, why: null };
}

function has(exports: Exports, name: string, kind: CounterKind): boolean {
  for (const { at } of exports.get(name)?.values() ?? []) if (at[kind] !== undefined) return true;
  return false;
}
