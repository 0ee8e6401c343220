import { latencyBuckets } from './hosting.ts';

/** Newest value of one counter as a monitoring system tells it. Times in ms. */
export interface CounterSample {
  /** All its labels, so that it is told from every other. */
  readonly series: string;
  /** The process that exports it. */
  readonly instance: string;
  readonly version: string;
  /** What it counts: `requests` and whatever is judged beside it; of a histogram the count up to an edge, as `latencyKind` names it. */
  readonly kind: string;
  readonly at: number;
  readonly value: number;
  /** When its process began to count, where that is known. */
  readonly createdAt?: number;
}

/** What every counter had when the last interval was closed: plain data, committed with the interval that was made from it. */
export interface CounterLedger {
  readonly begun: number;
  /** End of the last closed interval. */
  readonly until: number;
  readonly series: Readonly<Record<string, { readonly value: number; readonly at: number }>>;
  readonly instances: readonly string[];
}

const latencyKinds = Array.from({ length: latencyBuckets.length + 1 }, (_, bucket) => `latency-${bucket}`);

/** Answers at or under the edge of a bucket of `latencyBuckets`; the one after the last edge is all answers. */
export function latencyKind(bucket: number): string {
  return latencyKinds[bucket] ?? '';
}

/** Counts of each bucket out of counts up to its edge; an edge that is not told of has nothing of its own. */
export function latencyOf(counts: Readonly<Record<string, number>>): readonly number[] {
  let reached = 0;
  return latencyKinds.map((kind) => {
    const upTo = counts[kind] ?? reached;
    const own = upTo - reached;
    reached = upTo;
    return own;
  });
}
