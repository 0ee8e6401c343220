import type { PairCounts } from './pair-counts.ts';
import type { UnitCounts } from './unit-counts.ts';

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
  /** Requests that were given to it, whether they have ended or not. Absent where that was not counted. */
  readonly sent?: number;
  /** Users or sessions that met something for the first time in the interval. Absent where requests are what is counted. */
  readonly units?: UnitCounts;
  /** Copies that ended though nobody had told them to, and the seconds that copies ran, of all together. Absent where nobody tells. */
  readonly copies?: { readonly ended: number; readonly seconds: number };
  /** Absent while no request that both versions answered was labelled. */
  readonly pairs?: PairCounts;
}

/** The same stretch of time for both versions. */
export interface Interval {
  /** Grows by one; an id that was consumed is never counted again. */
  readonly id: number;
  readonly from: number;
  readonly to: number;
  readonly canary: ArmDelta;
  readonly baseline: ArmDelta;
  /** The part of both versions' requests that the canary should have got, 0 to 1. Absent where nobody set one. */
  readonly share?: number;
  /** What others than these two were given, where others have a part: their part of all, 0 to 1, and what reached them. */
  readonly rest?: SplitRest;
}

/** The versions that are compared with nothing: users or requests that they were given, and the part of all that they should get. */
export interface SplitRest {
  readonly share: number;
  readonly given: number;
}

/** Metrics that were there from the first journal on, and those that joined later. */
type FirstMetric = 'errors' | 'latency-p50' | 'latency-p90' | 'latency-p99' | 'answers';

/**
 * limit: errors against a fixed limit, whatever the stable version does. pairs: wrong answers to requests that both versions answered.
 * restarts: ends of copies in the seconds that they ran.
 */
export type MetricName = FirstMetric | 'limit' | 'pairs' | 'restarts';

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

/** How the requests fell on both versions while the canary had one share. */
export interface SplitState {
  readonly share: number;
  readonly canary: number;
  readonly baseline: number;
  /** Absent: the two have everything. */
  readonly rest?: SplitRest;
  /** Log e-value of the shares before this one. */
  readonly before: number;
  readonly highest: number;
}

/** Evidence that an earlier try of the same version left: the budget is one for all of them. */
export interface CarriedEvidence {
  readonly operation: string;
  /** Which try this is, from 2. */
  readonly try: number;
  /** Fused log e-value that it began with. */
  readonly logE: number;
  /** What the bets of the later tries have got from the reserve, as a part of each metric's own weight. */
  readonly lent: number;
}

export interface GuardState {
  readonly shape: 1;
  readonly lastIntervalId: number;
  /** Intervals left out at the start, in which both versions were still cold. */
  readonly warmedUp: number;
  readonly consumed: number;
  /** A journal from before a metric was known has no state of it. */
  readonly metrics: Readonly<Record<FirstMetric, MetricState> & Partial<Record<Exclude<MetricName, FirstMetric>, MetricState>>>;
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
  readonly split?: SplitState;
  /** Users or sessions are counted, not requests. */
  readonly byUnit?: boolean;
  readonly carried?: CarriedEvidence;
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
  /** Rate of errors that no version may have, or null: only the stable version is compared with. */
  readonly limit?: number | null;
  /** Mean size of what fails at once, as the variance of counts over their mean; evidence is divided by it. 1: each on its own. */
  readonly dispersion?: number;
  /** Nobody set the dispersion: it is how the stable version's errors came before. */
  readonly estimated?: boolean;
  /** What the new version is compared with: the stable version as it serves, or fresh copies of it. Absent: stable. */
  readonly baseline?: 'stable' | 'fresh';
  /** Ends of copies that nobody asked for, a copy and day, that are allowed; null: the stable version is compared with. */
  readonly restarts?: number | null;
  /** Some requests are answered by both versions, so that labels compare them on the same ones. */
  readonly paired?: boolean;
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
  /** failed: not ready, crashing or silent; needs no statistics. split: the requests are not divided as they should be. */
  readonly cause: 'evidence' | 'failed' | 'split' | 'deadline' | 'none';
  readonly because: string;
  readonly metrics: readonly MetricEvidence[];
  /** Fused log e-value and the log of the bar it is held against. */
  readonly logE: number;
  readonly bar: number;
  /** Requests of the canary so far, and how many a pass needs. */
  readonly exposure: { readonly had: number; readonly needed: number };
}
