import type { Outage, ServingPolicy, WantedVersion } from '../model/hosting.ts';
import type { RecordObservation } from '../model/service-record.ts';
import type { SavedCopy } from './saved-copy.ts';

/** What is remembered of a service. */
export interface SavedService {
  /** Highest fence seen. */
  readonly fence: number;
  /** The writes that were done under that fence. */
  readonly done: readonly string[];
  readonly policy: ServingPolicy | null;
  /** Where the proxy listened, for a service that may listen anywhere but must stay there. */
  readonly port: number | null;
  readonly weights: Readonly<Record<string, number>>;
  readonly seed: string;
  readonly versions: readonly WantedVersion[];
  /** No longer wanted, and perhaps not yet gone. */
  readonly retiring: readonly WantedVersion[];
  readonly copies: readonly SavedCopy[];
  readonly copiesMade: number;
  readonly record: RecordObservation;
  /** The last time that clients had no host, or null. */
  readonly lastOutage: Outage | null;
}

export const nothingSaved: SavedService = {
  fence: 0,
  done: [],
  policy: null,
  port: null,
  weights: {},
  seed: '',
  versions: [],
  retiring: [],
  copies: [],
  copiesMade: 0,
  record: { revision: 0, value: null },
  lastOutage: null,
};
