import type { Interval } from '../model/evidence.ts';

/** When a rule took the canary back, as an index into the intervals, and why. */
export interface Firing {
  readonly interval: number;
  readonly because: string;
}

/** The plain rule: the first interval in which more of the canary's requests failed than that. */
export function fixedThreshold(intervals: readonly Interval[], limit: number): Firing | null {
  const interval = intervals.findIndex(({ canary }) => canary.requests > 0 && failures(canary) / canary.requests > limit);
  const found = intervals[interval];
  if (!found) return null;
  const { canary } = found;
  return { interval, because: `${failures(canary)} of ${canary.requests} requests failed in one interval` };
}

const minute = 60_000;

/**
 * Argo's analysis: measured each minute over a window, a success rate of at least 1 - limit, and one failure more than the limit of failures
 * ends it. A window without requests measures NaN, which is not at least anything: it fails too.
 */
export function argoRule(
  intervals: readonly Interval[],
  { window, limit, failureLimit }: { readonly window: number; readonly limit: number; readonly failureLimit: number },
): Firing | null {
  const begin = intervals[0]?.from ?? 0;
  let [due, failed] = [begin + minute, 0];
  for (const [index, { to }] of intervals.entries()) {
    // An interval longer than a minute is measured as often as Argo would have: with what there was.
    for (; due <= to; due += minute) {
      const { requests, bad } = lately(intervals, index, due - window);
      if (requests > 0 && 1 - bad / requests >= 1 - limit) continue;
      failed += 1;
      if (failed <= failureLimit) continue;
      const last = requests === 0 ? 'no requests, which measures NaN' : `${bad} of ${requests} requests failed`;
      return { interval: index, because: `${failed} measurements failed, ${failureLimit} are allowed; the last: ${last}` };
    }
  }
  return null;
}

/** What the canary had in the intervals up to one, as far back as after `since`. */
function lately(
  intervals: readonly Interval[],
  last: number,
  since: number,
): { readonly requests: number; readonly bad: number } {
  let [requests, bad] = [0, 0];
  for (let index = last; index >= 0; index -= 1) {
    const interval = intervals[index];
    if (!interval || interval.to <= since) break;
    requests += interval.canary.requests;
    bad += failures(interval.canary);
  }
  return { requests, bad };
}

function failures({ errors, unanswered }: Interval['canary']): number {
  return errors + unanswered;
}
