import type { Fault } from './faults.ts';

export type Mode = 'safety' | 'liveness';

export interface SimulationResult {
  readonly seed: number;
  readonly mode: Mode;
  readonly hash: number;
  readonly events: number;
  readonly operations: number;
  readonly faults: readonly Fault[];
  /** Processes that died after an effect of theirs was applied and before the end of its step was committed. */
  readonly diedBetween: number;
  /** How often each rare thing happened. */
  readonly sometimes: Readonly<Record<string, number>>;
  /** The promise that was broken, or null. */
  readonly broken: string | null;
  readonly recent: readonly string[];
}
