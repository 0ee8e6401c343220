import type { FullStretch, HistoryEvent, HistorySource, Tenure } from '../model/history.ts';

/** What stands for serving: a share of traffic, or, where nothing is served, holding the registry's pointer. */
export type TenureKind = 'share' | 'pointed';

/**
 * Reads the history as stretches in which a version served, newest first, from events newest first. Witnessed and imported events
 * count in the order they were written, whatever their times say; attested ones tell of the past and are placed by their times.
 * A beginning that lies before the first event given is not seen.
 */
export function tenures(events: readonly HistoryEvent[], kind: TenureKind): readonly Tenure[] {
  const oldestFirst = events.toReversed();
  const seen = fold(oldestFirst.filter(({ source }) => source !== 'attested'), kind);
  const attested = oldestFirst.filter(({ source }) => source === 'attested').sort((a, b) => a.at - b.at);
  // Attested stretches are written as shares even where only the pointer moves: a pointer event has no end.
  const told = fold(attested, 'share').toSorted((a, b) => a.since - b.since);
  const bans = oldestFirst.filter((event) => event.kind === 'quarantined');
  return merge(seen, told)
    .map((building) => finish(building, bans))
    .toReversed();
}

interface Building {
  readonly version: string;
  readonly first: number;
  readonly since: number;
  readonly source: HistorySource;
  readonly operation: string | null;
  until: number | null;
  highestShare: number;
  verified: boolean;
  baked: boolean;
  regressed: boolean;
  readonly stretches: BuildingStretch[];
}

interface BuildingStretch {
  readonly since: number;
  until: number | null;
  readonly requestsBefore: number | null;
  requestsNow: number | null;
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

function begin(version: string, { sequence, at, source, operation }: HistoryEvent): Building {
  return {
    version,
    first: sequence,
    since: at,
    source,
    operation,
    until: null,
    highestShare: 0,
    verified: false,
    baked: false,
    regressed: false,
    stretches: [],
  };
}

function carry(building: Building, { at, requests }: HistoryEvent, share: number): void {
  if (building.until !== null) return;
  building.highestShare = Math.max(building.highestShare, share);
  const full = building.stretches.at(-1);
  const isFull = full !== undefined && full.until === null;
  if (share === 100 && !isFull) {
    building.stretches.push({ since: at, until: null, requestsBefore: requests, requestsNow: requests });
  }
  if (share < 100 && isFull) full.until = at;
  if (share === 0) building.until = at;
}

function count(building: Building, requests: number | null): void {
  const full = building.stretches.at(-1);
  if (requests !== null && full !== undefined && full.until === null) full.requestsNow = requests;
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

function finish(building: Building, bans: readonly HistoryEvent[]): Tenure {
  const { version, first, since, until, highestShare, verified, baked, regressed, source, operation } = building;
  const fullStretches = building.stretches.map(stretchOf).toReversed();
  const counted = fullStretches.map(({ requests }) => requests).filter((requests) => requests !== null);
  return {
    version,
    since,
    until,
    fullSince: fullStretches.at(-1)?.since ?? null,
    fullUntil: fullStretches[0]?.until ?? null,
    fullStretches,
    highestShare,
    requests: counted.length === 0 ? null : counted.reduce((sum, requests) => sum + requests, 0),
    verified,
    baked,
    regressed,
    quarantinedSince: bans.some(
      (ban) => ban.version === version && (source === 'attested' ? ban.at >= since : ban.sequence > first),
    ),
    source,
    operation,
  };
}

function stretchOf({ since, until, requestsBefore, requestsNow }: BuildingStretch): FullStretch {
  if (requestsNow === null) return { since, until, requests: null };
  // A lower count than before means that the counters began anew: at least what they show now was answered.
  const before = requestsBefore ?? 0;
  return { since, until, requests: requestsNow >= before ? requestsNow - before : requestsNow };
}
