import type { LatencyThresholds } from '../model/evidence.ts';
import { noThresholds, type Recording } from '../model/recording.ts';
import type { OperationEvent } from '../model/operation.ts';

/** The run that a guard journalled, each interval once; null: no guard watched. */
export function recordingOf(
  journal: readonly { readonly event: OperationEvent }[],
  version: string,
  stable: string,
): Recording | null {
  const events = journal.map(({ event }) => event);
  const guarded = events.find((event) => event.kind === 'guarded');
  if (!guarded) return null;
  const intervals = events.flatMap((event) => (event.kind === 'evidence' ? [event.interval] : []));
  const once = [...new Map(intervals.map((interval) => [interval.id, interval])).values()];
  const thresholds: LatencyThresholds = guarded.state.thresholds ?? noThresholds;
  return { version, stable, policy: guarded.policy, thresholds, intervals: once };
}
