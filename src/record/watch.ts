import { sound } from '../decide/guard-state.ts';
import type { GuardPolicy, GuardState, Interval } from '../model/evidence.ts';
import type { LabelReceipt } from '../model/hosting.ts';
import type { Weights } from '../model/observation.ts';
import type { Chapter } from './story.ts';

/** One interval as it was journalled, with what the guard made of everything up to it. */
export interface WatchedInterval extends Interval {
  readonly at: number;
  readonly state: GuardState;
  readonly weights: Weights;
}

/** Everything that guards saw of a version, over all operations that brought it. */
export interface Watch {
  readonly operation: string;
  readonly policy: GuardPolicy;
  readonly state: GuardState;
  readonly startedAt: number;
  /** Oldest first, each once, without those in which a counter went backwards or was no number. */
  readonly intervals: readonly WatchedInterval[];
  readonly dropped: number;
  /** Labels that arrived while the guard watched, of the whole service. */
  readonly labels: LabelReceipt;
}

/** Null where no guard watched. The state and policy are those of the last one. */
export function watchOf(chapters: readonly Chapter[]): Watch | null {
  const rows = chapters.flatMap(({ operation, journal }) =>
    journal.map(({ at, event }) => ({ operation: operation.id, at, event })),
  );
  const guards = rows.flatMap(({ operation, at, event }) => (event.kind === 'guarded' ? [{ operation, at, event }] : []));
  const [first, last] = [guards[0], guards.at(-1)];
  if (!first || !last) return null;
  const evidence = rows.flatMap(({ operation, at, event }) => (event.kind === 'evidence' ? [{ operation, at, event }] : []));
  const once = [...new Map(evidence.map((row) => [`${row.operation} ${row.event.interval.id}`, row])).values()];
  const whole = once.filter(({ event }) => sound(event.interval.canary) && sound(event.interval.baseline));
  const newest = evidence.at(-1)?.event;
  return {
    operation: last.operation,
    policy: last.event.policy,
    state: newest?.state ?? last.event.state,
    startedAt: first.at,
    intervals: whole.map(({ at, event }) => ({ ...event.interval, at, state: event.state, weights: event.summary.weights })),
    dropped: once.length - whole.length,
    labels: labelsBetween(first.event.reading.labels, (newest ?? first.event).reading.labels),
  };
}

function labelsBetween(before: LabelReceipt, after: LabelReceipt): LabelReceipt {
  const grown = (name: keyof LabelReceipt): number => Math.max(0, after[name] - before[name]);
  return {
    scored: grown('scored'),
    unknown: grown('unknown'),
    duplicate: grown('duplicate'),
    late: grown('late'),
    malformed: grown('malformed'),
  };
}
