import type { RecordObservation, ServiceRecord } from '../model/service-record.ts';

/** The small document beside the target that controllers with separate databases meet at. */
export interface RecordStore {
  read(signal: AbortSignal): Promise<RecordObservation>;
  /** Compare-and-swap: durable when this returns true; false when the revision is no longer `expected`. */
  swap(expected: number, value: ServiceRecord, signal: AbortSignal): Promise<boolean>;
}
