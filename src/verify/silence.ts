import type { CountersReading } from '../model/hosting.ts';

/** Requests without any answer, in a row, after which a version counts as silent. */
const silent = 5;

/** What a version had answered when it last did, and what was sent in vain by then. */
export interface LastAnswer {
  readonly answered: number;
  readonly unanswered: number;
}

/** The last answer after one more reading. */
export function heard(before: LastAnswer | null, reading: CountersReading | null, version: string): LastAnswer | null {
  const arm = reading?.arms[version];
  if (!arm) return before;
  const answered = arm.requests - arm.unanswered;
  return before && answered === before.answered ? before : { answered, unanswered: arm.unanswered };
}

/** Why a version counts as silent, or null. */
export function silenceOf(last: LastAnswer | null, reading: CountersReading | null, version: string): string | null {
  const inVain = (reading?.arms[version]?.unanswered ?? 0) - (last?.unanswered ?? 0);
  return last && inVain >= silent ? `${inVain} requests were sent to it and none was answered` : null;
}
