import type { HistoryEvent, HistorySource, Tenure } from '../model/history.ts';
import type { Operation } from '../model/operation.ts';
import { documentOf } from './document.ts';
import { count } from './number.ts';

/** One thing somebody did to a service: an operation, or a mark or entry set by hand. */
export interface LedgerEntry {
  readonly at: number;
  readonly what: Operation['kind'] | 'hold' | 'unhold' | 'quarantine' | 'unquarantine' | 'adopt' | 'attest';
  readonly operation: string | null;
  readonly from: string | null;
  readonly to: string | null;
  readonly by: string;
  readonly why: string;
  readonly verdict: Verdict;
}

export type Verdict =
  | 'verified'
  | 'not verified'
  | 'done'
  | 'failed'
  | 'stuck'
  | 'superseded'
  | 'abandoned'
  | 'open'
  | 'running'
  | 'interrupted';

/** A stretch in which a version served, with what became of it. */
export interface TenureView extends Pick<Tenure, 'version' | 'since' | 'until' | 'highestShare' | 'requests' | 'operation'> {
  readonly source: HistorySource;
  readonly knownGood: boolean;
  readonly marks: readonly string[];
}

export interface HistoryView {
  readonly service: string;
  /** Something is served; else shares are of the pointer. */
  readonly served: boolean;
  readonly ledger: readonly LedgerEntry[];
  readonly tenures: readonly TenureView[];
}

export interface HistoryInput {
  readonly service: string;
  readonly served: boolean;
  /** Newest first, as are the events and tenures. */
  readonly operations: readonly Operation[];
  readonly events: readonly HistoryEvent[];
  readonly tenures: readonly Tenure[];
  readonly knownGood: (tenure: Tenure) => boolean;
  /** The process that ran it is gone. */
  readonly interrupted: (operation: Operation) => boolean;
  readonly limit: number;
}

export function historyView({
  service,
  served,
  operations,
  events,
  tenures,
  knownGood,
  interrupted,
  limit,
}: HistoryInput): HistoryView {
  const ledger = [
    ...operations.map((operation) => ofOperation(operation, interrupted(operation))),
    ...events.flatMap((event) => ofEvent(event)),
  ]
    .toSorted((one, other) => other.at - one.at)
    .slice(0, limit);
  return { service, served, ledger, tenures: tenures.slice(0, limit).map((tenure) => tenureView(tenure, knownGood(tenure))) };
}

export function historyDocument(view: HistoryView): string {
  return documentOf('history', view);
}

function ofOperation(operation: Operation, interrupted: boolean): LedgerEntry {
  const { createdAt, kind, id, plan, actor, reason } = operation;
  return {
    at: createdAt,
    what: kind,
    operation: id,
    from: plan.from,
    to: plan.to,
    by: actor,
    why: reason,
    verdict: operation.state === 'running' && interrupted ? 'interrupted' : verdictOf(operation),
  };
}

function verdictOf({ state, verified, plan }: Operation): Verdict {
  if (state !== 'completed') return state;
  if (verified !== true) return 'not verified';
  return plan.steps.some(({ kind }) => kind === 'confirm') ? 'verified' : 'done';
}

/** Of the events only what no operation wrote: the rest is told by its operation. */
function ofEvent({ kind, at, version, operation, source, actor, reason, share: part }: HistoryEvent): readonly LedgerEntry[] {
  if (operation !== null) return [];
  const entry = { at, operation, by: actor, why: reason, verdict: 'done' as const };
  switch (kind) {
    case 'held':
      return [{ ...entry, what: 'hold', from: null, to: null }];
    case 'unheld':
      return [{ ...entry, what: 'unhold', from: null, to: null }];
    case 'quarantined':
      return [{ ...entry, what: 'quarantine', from: version, to: null }];
    case 'unquarantined':
      return [{ ...entry, what: 'unquarantine', from: version, to: null }];
    case 'share':
    case 'pointed':
      if (source === 'attested') return part === 0 ? [] : [{ ...entry, what: 'attest', from: version, to: null }];
      return source === 'imported' && part !== 0 ? [{ ...entry, what: 'adopt', from: version, to: null }] : [];
    case 'verified':
    case 'baked':
    case 'regressed':
      return [];
  }
}

function tenureView(tenure: Tenure, knownGood: boolean): TenureView {
  const { version, since, until, highestShare, requests, operation, source, verified, baked, regressed, quarantinedSince } =
    tenure;
  const marks = [
    ...(verified ? ['verified'] : []),
    ...(baked ? ['baked'] : []),
    ...(regressed ? ['regressed'] : []),
    ...(quarantinedSince ? ['quarantined since'] : []),
    ...(requests === null ? [] : [`${count(requests)} requests`]),
  ];
  return { version, since, until, highestShare, requests, operation, source, knownGood, marks };
}
