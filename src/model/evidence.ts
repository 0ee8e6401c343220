/** What one version did in one closed interval. All are counts. */
export interface ArmDelta {
  /** Requests that ended in the interval, answered or not. */
  readonly requests: number;
  /** Answered with a 5xx. */
  readonly errors: number;
  /** Sent and left without an answer. */
  readonly unanswered: number;
  /** Answers by latency bucket, as in `latencyBuckets`, and one more for the rest. */
  readonly latency: readonly number[];
  readonly right: number;
  readonly wrong: number;
}

/** The same stretch of time for both versions. */
export interface Interval {
  /** Grows by one; an id that was consumed is never counted again. */
  readonly id: number;
  readonly from: number;
  readonly to: number;
  readonly canary: ArmDelta;
  readonly baseline: ArmDelta;
}

export type MetricName = 'errors' | 'latency-p50' | 'latency-p90' | 'latency-p99' | 'answers';

/** What a metric has seen so far: enough to go on after a crash, and to say how it came to be. */
export interface MetricState {
  /** Log-likelihood of each ratio of the grid against the tolerated one. */
  readonly logLikelihoods: readonly number[];
  /** Largest log e-value so far: evidence once had is not lost. */
  readonly highest: number;
  readonly canary: { readonly bad: number; readonly of: number };
  readonly baseline: { readonly bad: number; readonly of: number };
}

/** Index into the latency buckets from which an answer counts as slow; fixed before the canary had traffic. Null: no baseline to fix it by. */
export type LatencyThresholds = Readonly<Record<'latency-p50' | 'latency-p90' | 'latency-p99', number | null>>;

export interface GuardState {
  readonly shape: 1;
  readonly lastIntervalId: number;
  /** Intervals left out at the start, in which both versions were still cold. */
  readonly warmedUp: number;
  readonly consumed: number;
  readonly metrics: Readonly<Record<MetricName, MetricState>>;
  /** Largest fused log e-value so far, over all metrics; and that of the last interval. */
  readonly highest: number;
  readonly fused: number;
  readonly thresholds: LatencyThresholds;
  /** Intervals in a row in which one side had no traffic. */
  readonly quiet: number;
  /** Requests of the canary since the last one that was answered. */
  readonly unansweredInARow: number;
  /** Intervals that were dropped because a counter went backwards or was no number. */
  readonly dropped: number;
  readonly lastAt: number | null;
}

export interface GuardPolicy {
  /** Chance of a false rollback over the whole guard. */
  readonly alpha: number;
  /** Ratio of the canary's bad rate to the stable one's that is still tolerated. */
  readonly tolerate: number;
  /** Longest time to a decision, in ms. */
  readonly deadline: number;
  readonly onUndecided: 'pause' | 'abort';
  /** A pass means that a rise by this ratio would most likely have been seen. */
  readonly detect: number;
  /** Bad rate assumed at least, for that. */
  readonly smallestRate: number;
  readonly warmup: number;
  readonly interval: number;
}

export type Verdict = 'regressed' | 'healthy' | 'inconclusive';

/** One metric at the time of a decision. */
export interface MetricEvidence {
  readonly metric: MetricName;
  readonly canary: { readonly bad: number; readonly of: number };
  readonly baseline: { readonly bad: number; readonly of: number };
  readonly logE: number;
  /** Log of the bar that this metric alone would have to pass. */
  readonly bar: number;
  /** Share of the fused evidence, 0 to 1. */
  readonly share: number;
  readonly significant: boolean;
}

export interface Decision {
  readonly action: 'promote' | 'wait' | 'pause' | 'roll back';
  readonly verdict: Verdict;
  /** failed: not ready, crashing or silent; needs no statistics. */
  readonly cause: 'evidence' | 'failed' | 'deadline' | 'none';
  readonly because: string;
  readonly metrics: readonly MetricEvidence[];
  /** Fused log e-value and the log of the bar it is held against. */
  readonly logE: number;
  readonly bar: number;
  /** Requests of the canary so far, and how many a pass needs. */
  readonly exposure: { readonly had: number; readonly needed: number };
}
