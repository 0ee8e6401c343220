import type { PairCounts } from './pair-counts.ts';

/** Users or sessions, each counted once in each while the split stays as it is. */
export interface UnitCounts {
  readonly seen: number;
  /** Had an error, or no answer. */
  readonly bad: number;
  /** Entry i: had an answer in latency bucket i or a slower one; entries that would be 0 at the end are left out. Absent in readings and journals
   * from before it was counted, like what follows. */
  readonly reached?: readonly number[];
  /** Had an answer that was compared with its label. */
  readonly labelled?: number;
  /** Had a wrong one. */
  readonly wrong?: number;
  readonly pairs?: PairCounts;
}
