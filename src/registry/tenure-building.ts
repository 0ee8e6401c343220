import type { FullStretch, HistoryEvent, HistorySource, Tenure } from '../model/history.ts';

/** A tenure while the events are read, oldest first. */
export interface Building {
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

export function begin(version: string, { sequence, at, source, operation }: HistoryEvent): Building {
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

/** The version has this share from now on. */
export function carry(building: Building, { at, requests }: HistoryEvent, share: number): void {
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

/** Requests that the version had answered by now, told by an event about it. */
export function count(building: Building, requests: number | null): void {
  const full = building.stretches.at(-1);
  if (requests !== null && full !== undefined && full.until === null) full.requestsNow = requests;
}

/** `bans` are the quarantines of the service. */
export function finish(building: Building, bans: readonly HistoryEvent[]): Tenure {
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
