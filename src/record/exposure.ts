import type { HistoryEvent } from '../model/history.ts';
import type { Operation } from '../model/operation.ts';

/** The stretch in which the bad version had a share, as the history tells it. */
export interface Exposure {
  /** When its first share was recorded; null: it never had one. */
  readonly since: number | null;
  /** Its share of all traffic had ended; null while it has one. */
  readonly until: number | null;
  /** The operations that gave it a share. */
  readonly operations: readonly string[];
  /** Requests counted by the proxy when the stretch began and when it ended. Null where nobody counted. */
  readonly countAtStart: number | null;
  readonly countAtEnd: number | null;
  /** It had served before this stretch, so the count did not begin at nothing. */
  readonly servedBefore: boolean;
}

/** Whether the operation moves traffic; else only the pointer of a registry. */
export function movesTraffic({ plan }: Pick<Operation, 'plan'>): boolean {
  return plan.steps.some(({ kind }) => kind === 'route');
}

/**
 * From the history, oldest first: the stretch of `version` that was under way when `operation` left it; where the operation brings
 * that version, the stretch it began. Where only the pointer moves, holding it stands for a share. Attested entries are hearsay here.
 */
export function exposureOf(history: readonly HistoryEvent[], operation: Operation, version: string): Exposure {
  const traffic = movesTraffic(operation);
  const moves = history.filter(
    (event) =>
      event.source !== 'attested' && (traffic ? event.kind === 'share' && event.version === version : event.kind === 'pointed'),
  );
  const has = (event: HistoryEvent): boolean => event.version === version && (!traffic || (event.share ?? 0) > 0);
  const brings = operation.plan.to === version;
  const edge = brings ? Infinity : (history.find((event) => event.operation === operation.id)?.sequence ?? Infinity);
  const earlier = moves.filter(({ sequence, at }) => sequence < edge && (edge < Infinity || brings || at <= operation.createdAt));
  const begin = brings ? earlier.findIndex((event) => has(event) && event.operation === operation.id) : beginOfLast(earlier, has);
  const first = earlier[begin];
  if (first === undefined)
    return { since: null, until: null, operations: [], countAtStart: null, countAtEnd: null, servedBefore: false };
  const rest = moves.slice(moves.indexOf(first));
  const end = rest.find((event) => !has(event));
  const within = rest.filter((event) => has(event) && (end === undefined || event.sequence < end.sequence));
  return {
    since: first.at,
    until: end?.at ?? null,
    operations: [...new Set(within.flatMap((event) => event.operation ?? []))].filter((id) => id !== operation.id),
    countAtStart: first.requests,
    countAtEnd: traffic ? (end?.requests ?? null) : null,
    servedBefore: moves.some((event) => has(event) && event.sequence < first.sequence),
  };
}

/** Index of the event that began the stretch in which the last one lies; -1 when the last one ended it. */
function beginOfLast(moves: readonly HistoryEvent[], has: (event: HistoryEvent) => boolean): number {
  const ended = moves.findLastIndex((event) => !has(event));
  return ended === moves.length - 1 ? -1 : ended + 1;
}
