/** Time. Nothing else tells it, so that a test can. */
export interface Clock {
  /** Milliseconds since the epoch; may jump. */
  now(): number;
  /** Milliseconds since some moment; never goes back. For durations. */
  monotonic(): number;
  /** Resolves after at least this long, at once when the signal aborts. Any length: never subject to the 2^31 ms limit of timers. */
  wait(milliseconds: number, signal?: AbortSignal): Promise<void>;
}
