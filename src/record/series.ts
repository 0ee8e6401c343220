import type { LatencyThresholds, MetricName } from '../model/evidence.ts';
import type { Weights } from '../model/observation.ts';
import { metricOf } from './evidence.ts';
import { type Counted, errorsOf } from './impact.ts';
import type { Chapter } from './story.ts';
import type { Watch } from './watch.ts';

/** What a chart draws: nothing in it is averaged or left out. */
export interface Series {
  readonly intervals: readonly SeriesInterval[];
  /** The metric that decided, where it was another one than errors. */
  readonly second: MetricName | null;
  /** Shares from each moment on, oldest first. */
  readonly weights: readonly { readonly at: number; readonly weights: Weights }[];
}

export interface SeriesInterval {
  readonly from: number;
  readonly to: number;
  readonly errors: { readonly bad: Counted; readonly stable: Counted };
  readonly second: { readonly bad: Counted; readonly stable: Counted } | null;
}

export function seriesOf(chapters: readonly Chapter[], watch: Watch | null, deciding: MetricName | null): Series {
  // Ends of copies are no part of anything that a chart of rates could show.
  const second = deciding === null || deciding === 'errors' || deciding === 'restarts' ? null : deciding;
  const intervals = (watch?.intervals ?? []).map(({ from, to, canary, baseline }) => ({
    from,
    to,
    errors: { bad: errorsOf(canary), stable: errorsOf(baseline) },
    second: second && {
      bad: counted(second, canary, watch?.state.thresholds),
      stable: counted(second, baseline, watch?.state.thresholds),
    },
  }));
  return { intervals, second, weights: weightsOf(chapters) };
}

function counted(name: MetricName, arm: Parameters<typeof errorsOf>[0], thresholds: LatencyThresholds | undefined): Counted {
  return thresholds ? metricOf(name).count(arm, thresholds) : { bad: 0, of: 0 };
}

function weightsOf(chapters: readonly Chapter[]): Series['weights'] {
  const first = chapters[0]?.operation;
  const before = first ? [{ at: first.createdAt, weights: first.plan.planned.weights }] : [];
  const moves = chapters.flatMap(({ journal }) =>
    journal.flatMap(({ at, event }) =>
      event.kind === 'step-done' && event.result.weights ? [{ at, weights: event.result.weights }] : [],
    ),
  );
  return [...before, ...moves].toSorted((one, other) => one.at - other.at);
}
