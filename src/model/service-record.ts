import type { HistoryEvent, Hold } from './history.ts';
import type { Operation } from './operation.ts';
import type { ModelVersion } from './version.ts';
import type { Weights } from './weights.ts';

/**
 * What lies beside the target: who is at work there, under which fence, and enough of the past for another database to go on from.
 * Small and bounded, see execute/record-of.
 */
export interface ServiceRecord {
  readonly fence: number;
  /** The process that claimed under this fence; stays when its operation has ended. Two that claimed the same fence differ in it. */
  readonly holder: string;
  /** The operation that was claimed last, running or ended. */
  readonly operation: RecordedOperation | null;
  readonly hold: Hold | null;
  readonly pointer: string | null;
  readonly shares: Weights;
  /** The events of the last production entries, oldest first, and every quarantine that stands. */
  readonly history: readonly RecordedEvent[];
  /** The versions in them, each with what is needed to serve it again. */
  readonly versions: readonly RecordedVersion[];
  /** Set while what was done without the registry has not been taken into it. */
  readonly breakGlass?: BreakGlassStamp;
  /** When the next task of the service is due, for the supervisor; absent when there is none. */
  readonly nextTaskAt?: number;
}

export interface RecordObservation {
  /** Changes with every swap; the precondition of the next. 0 when there is no record yet. */
  readonly revision: number;
  readonly value: ServiceRecord | null;
}

/** An operation without the evidence of its guard, which would not be small: a guard that is taken over from here begins anew. */
export type RecordedOperation = Omit<Operation, 'guard'>;

export type RecordedEvent = Omit<HistoryEvent, 'sequence' | 'service'>;

export type RecordedVersion = Pick<
  ModelVersion,
  'version' | 'status' | 'bundle' | 'bundleDigest' | 'breakingChanges' | 'createdAt' | 'actor' | 'reason'
>;

/** A rollback that was done without the registry: its journal waits at this path to be taken in. */
export interface BreakGlassStamp {
  readonly journal: string;
  readonly since: number;
  readonly actor: string;
}

/** Names the claim that a record shows, so that a later look can tell whether it is still the same. */
export function claimOf(record: ServiceRecord | null): string {
  return record === null ? 'none' : `${record.fence} ${record.operation?.id ?? 'nobody'}`;
}

/** A record as it was read. One that a release before this format wrote keeps its fence, and tells nothing else. */
export function understood({ revision, value }: RecordObservation): RecordObservation {
  if (value === null || Array.isArray(value.history)) return { revision, value };
  const told = { operation: null, holder: '', hold: null, pointer: null, shares: {}, history: [], versions: [] };
  return { revision, value: { ...told, fence: value.fence } };
}
