import { slowerThan } from '../detect/sequential/latency-thresholds.ts';
import type { ArmDelta } from '../model/evidence.ts';
import { latencyBuckets } from '../model/hosting.ts';
import type { Exposure } from './exposure.ts';
import type { Chapter } from './story.ts';
import type { Watch } from './watch.ts';

export interface Counted {
  readonly bad: number;
  readonly of: number;
}

/** One kind of harm, as far as a guard watched. */
export interface Harm {
  readonly kind: 'errors' | 'wrong answers' | 'slow answers';
  readonly bad: Counted;
  readonly stable: Counted;
  /** bad minus what the stable version's rate over the same intervals would have given. An estimate; null where a rate is missing. */
  readonly excess: number | null;
  /** Of slow answers: slower than this many milliseconds. */
  readonly slowerThan: number | null;
}

export interface Impact {
  /** Requests that reached the bad version from its first share to its last, by the counters of the traffic path. Null: not counted. */
  readonly requests: number | null;
  /** Its counter began anew in between: at least so many. */
  readonly atLeast: boolean;
  /** At least so many of them were sofare's own, sent through the traffic path to hear which version answers. */
  readonly ownChecks: number;
  /** What the guard saw of them; null where none watched. */
  readonly watched: Watched | null;
  readonly harms: readonly Harm[];
}

export interface Watched {
  readonly from: number;
  readonly to: number;
  readonly intervals: number;
  readonly dropped: number;
  readonly requests: number;
  /** Answered, whatever the status. */
  readonly answered: number;
  readonly errors: number;
  readonly unanswered: number;
  readonly stableRequests: number;
}

export function impactOf(exposure: Exposure, watch: Watch | null, ownChecks: number): Impact {
  const { countAtEnd, countAtStart, servedBefore } = exposure;
  const base = servedBefore ? (countAtStart ?? 0) : 0;
  const anew = countAtEnd !== null && countAtEnd < base;
  const requests = countAtEnd === null ? null : anew ? countAtEnd : countAtEnd - base;
  const { intervals = [] } = watch ?? {};
  const [first, last] = [intervals[0], intervals.at(-1)];
  if (!watch || !first || !last) return { requests, atLeast: anew, ownChecks, watched: null, harms: [] };
  const bad = sum(intervals.map(({ canary }) => canary));
  const stable = sum(intervals.map(({ baseline }) => baseline));
  return {
    requests,
    atLeast: anew,
    ownChecks,
    watched: {
      from: first.from,
      to: last.to,
      intervals: intervals.length,
      dropped: watch.dropped,
      requests: bad.requests,
      answered: bad.requests - bad.unanswered,
      errors: bad.errors,
      unanswered: bad.unanswered,
      stableRequests: stable.requests,
    },
    harms: [
      harm('errors', errorsOf(bad), errorsOf(stable)),
      harm('wrong answers', wrongOf(bad), wrongOf(stable)),
      ...slow(bad, stable, watch.state.thresholds['latency-p90']),
    ],
  };
}

/** The requests with which the operations that brought the version verified it. Health checks are not in the journal, so there were more. */
export function ownChecksOf(carriers: readonly Chapter[], bad: string): number {
  return carriers
    .filter(({ operation }) => operation.plan.to === bad)
    .flatMap(({ journal }) => journal)
    .reduce((all, { event }) => all + (event.kind === 'step-done' ? (event.result.identity?.requests ?? 0) : 0), 0);
}

function slow(bad: ArmDelta, stable: ArmDelta, threshold: number | null): readonly Harm[] {
  if (threshold === null) return [];
  return [harm('slow answers', slowOf(bad, threshold), slowOf(stable, threshold), latencyBuckets[threshold] ?? null)];
}

function harm(kind: Harm['kind'], bad: Counted, stable: Counted, edge: number | null = null): Harm {
  const excess = bad.of === 0 || stable.of === 0 ? null : bad.bad - (bad.of * stable.bad) / stable.of;
  return { kind, bad, stable, excess, slowerThan: edge };
}

/** Errors are answers with a 5xx and requests left without an answer, as the guard counts them. */
export function errorsOf({ errors, unanswered, requests }: ArmDelta): Counted {
  return { bad: errors + unanswered, of: requests };
}

function wrongOf({ right, wrong }: ArmDelta): Counted {
  return { bad: wrong, of: right + wrong };
}

function slowOf({ latency }: ArmDelta, threshold: number): Counted {
  return { bad: slowerThan(latency, threshold), of: latency.reduce((all, count) => all + count, 0) };
}

function sum(arms: readonly ArmDelta[]): ArmDelta {
  const total = (pick: (arm: ArmDelta) => number): number => arms.reduce((all, arm) => all + pick(arm), 0);
  return {
    requests: total((arm) => arm.requests),
    errors: total((arm) => arm.errors),
    unanswered: total((arm) => arm.unanswered),
    latency: Array.from({ length: latencyBuckets.length + 1 }, (_, bucket) => total((arm) => arm.latency[bucket] ?? 0)),
    right: total((arm) => arm.right),
    wrong: total((arm) => arm.wrong),
  };
}
