import type { Clock } from '../ports/clock.ts';

/** Time as this process sees it pass from an instant on: an hour that somebody moves the wall clock by is none. */
export function steadyTime(clock: Pick<Clock, 'monotonic'>, from: number): () => number {
  const begun = clock.monotonic();
  return () => from + (clock.monotonic() - begun);
}
