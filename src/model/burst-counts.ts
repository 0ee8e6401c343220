/** Errors of a version minute by minute, as what an estimate of their bursts needs of them; minutes without requests are left out. */
export interface BurstCounts {
  readonly minutes: number;
  readonly errors: number;
  /** Sum of the squared steps from each minute's errors to those of the next. */
  readonly squares: number;
}
