import type { HistoryEvent, Tenure } from '../model/history.ts';
import { begin, type Building, carry, count, finish } from './tenure-building.ts';

/** What stands for serving: a share of traffic, or, where nothing is served, holding the registry's pointer. */
export type TenureKind = 'share' | 'pointed';

/**
 * Reads the history as stretches in which a version served, newest first, from events newest first. Witnessed and imported events
 * count in the order they were written, whatever their times say; attested ones tell of the past and are placed by their times.
 * A beginning that lies before the first event given is not seen.
 */
export function tenures(events: readonly HistoryEvent[], kind: TenureKind): readonly Tenure[] {
  const oldestFirst = events.toReversed();
  const seen = fold(
    oldestFirst.filter(({ source }) => source !== 'attested'),
    kind,
  );
  // Each was written whole, from beginning to end, so they are read in that order too. They are written as shares even where only
  // the pointer moves: a pointer event has no end.
  const attested = oldestFirst.filter(({ source }) => source === 'attested');
  const told = fold(attested, 'share').toSorted((a, b) => a.since - b.since);
  const bans = oldestFirst.filter((event) => event.kind === 'quarantined');
  return merge(seen, told)
    .map((building) => finish(building, bans))
    .toReversed();
}

function fold(events: readonly HistoryEvent[], kind: TenureKind): readonly Building[] {
  const all: Building[] = [];
  const latest = new Map<string, Building>();
  for (const event of events) {
    const { version } = event;
    if (version === null) continue;
    const last = latest.get(version) ?? null;
    const open = last !== null && last.until === null ? last : null;
    if (open !== null) count(open, event.requests);
    switch (event.kind) {
      case 'share':
      case 'pointed': {
        if (event.kind !== kind) break;
        const share = event.kind === 'pointed' ? 100 : (event.share ?? 0);
        if (event.kind === 'pointed') for (const [other, building] of latest) if (other !== version) carry(building, event, 0);
        if (open !== null) carry(open, event, share);
        else if (share > 0) {
          const begun = begin(version, event);
          carry(begun, event, share);
          all.push(begun);
          latest.set(version, begun);
        }
        break;
      }
      case 'verified':
        if (open !== null) open.verified = true;
        break;
      case 'baked':
        if (open !== null) open.baked = true;
        break;
      case 'regressed':
        // A verdict may be written just after the traffic that it judged was taken away.
        if (last !== null) last.regressed = true;
        break;
      case 'quarantined':
      case 'unquarantined':
      case 'held':
      case 'unheld':
        break;
    }
  }
  return all;
}

function merge(seen: readonly Building[], told: readonly Building[]): readonly Building[] {
  const merged: Building[] = [];
  let next = 0;
  for (const building of seen) {
    for (; (told[next]?.since ?? Infinity) < building.since; next += 1) merged.push(told[next] as Building);
    merged.push(building);
  }
  return [...merged, ...told.slice(next)];
}
