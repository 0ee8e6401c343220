import type { ArmDelta, GuardPolicy, GuardState, LatencyThresholds, MetricName, MetricState } from '../model/evidence.ts';
import { noPairs, type PairCounts } from '../model/pair-counts.ts';
import { pairedGrid, type WrongPairs } from './sequential/paired-e-process.ts';
import { sloGrid } from './sequential/slo-e-process.ts';
import { wideGrid } from './sequential/ratio-e-process.ts';
import { slowerThan } from './sequential/latency-thresholds.ts';

/** How a metric is judged: its share of alpha, the ratios it bets on, and what counts as bad. */
export interface Metric {
  readonly name: MetricName;
  /** ratio: against the stable version. limit: against the policy's fixed limit. pairs: against what the stable version answered to the same requests. time: events in time, against the stable version or the policy's rate. */
  readonly against: 'ratio' | 'limit' | 'pairs' | 'time';
  readonly weight: number;
  readonly grid: readonly number[];
  /** Tolerated ratio where it differs from the policy's. */
  readonly tolerate: number | null;
  readonly count: (arm: ArmDelta, thresholds: LatencyThresholds) => { readonly bad: number; readonly of: number };
  /** Whether what it counts there are users, not requests. */
  readonly byUser: (arm: ArmDelta) => boolean;
}

const failedRequests: Metric['count'] = ({ errors, unanswered, requests }) => ({ bad: errors + unanswered, of: requests });

/** Of the 0.18 for wrong answers, where some requests are answered by both versions: those tell more. */
const weightsOfPaired: Partial<Readonly<Record<MetricName, number>>> = { answers: 0.06, pairs: 0.12 };

/** The part of alpha that errors have. */
export const errorsWeight = 0.43;

/**
 * 0.43 for errors and 0.02 for ends of copies, 0.27 for slow answers, 0.18 for wrong ones, 0.05 for errors against a limit where there is one; the rest stays in
 * reserve for a metric that joins later.
 */
export const metrics: readonly Metric[] = [
  {
    name: 'errors',
    against: 'ratio',
    weight: errorsWeight,
    grid: wideGrid,
    tolerate: null,
    count: (arm, thresholds) => (arm.units ? { bad: arm.units.bad, of: arm.units.seen } : failedRequests(arm, thresholds)),
    byUser: ({ units }) => units !== undefined,
  },
  slow('latency-p50', [1.1, 1.25, 1.5, 1.8], 1.1),
  slow('latency-p90', [1.25, 1.5, 2, 4], null),
  slow('latency-p99', wideGrid, null),
  {
    name: 'answers',
    against: 'ratio',
    weight: 0.18,
    grid: [1.1, 1.25, 1.5, 2, 3],
    tolerate: null,
    count: ({ units, right, wrong }) =>
      units?.labelled === undefined ? { bad: wrong, of: right + wrong } : { bad: units.wrong ?? 0, of: units.labelled },
    byUser: ({ units }) => units?.labelled !== undefined,
  },
  {
    name: 'limit',
    against: 'limit',
    weight: 0.05,
    grid: sloGrid,
    tolerate: null,
    count: failedRequests,
    byUser: () => false,
  },
  {
    name: 'restarts',
    against: 'time',
    weight: 0.02,
    grid: wideGrid,
    tolerate: null,
    count: ({ copies }) => ({ bad: copies?.ended ?? 0, of: copies?.seconds ?? 0 }),
    byUser: () => false,
  },
  {
    name: 'pairs',
    against: 'pairs',
    weight: 0.12,
    grid: pairedGrid,
    tolerate: null,
    count: (arm) => {
      const { wrong, of } = pairsOf(arm);
      return { bad: wrong, of };
    },
    byUser: ({ units }) => units?.pairs !== undefined,
  },
];

/** The metrics that a policy judges by, with the weights that they have there. */
export function judgedBy({ limit, paired = false }: Pick<GuardPolicy, 'limit' | 'paired'>): readonly Metric[] {
  return metrics
    .filter(({ against }) => (against === 'limit' ? typeof limit === 'number' : against !== 'pairs' || paired))
    .map((metric) => (paired ? { ...metric, weight: weightsOfPaired[metric.name] ?? metric.weight } : metric));
}

/** What both versions got wrong of the same requests, of users where they are counted. */
export function wrongPairs(canary: ArmDelta, baseline: ArmDelta): WrongPairs {
  const [own, other] = [pairsOf(canary), pairsOf(baseline)];
  return { canaryOnly: own.alone, baselineOnly: other.alone, both: own.wrong - own.alone };
}

/** What a metric has seen; of one that the state knows nothing of: nothing. */
export function stateOf({ metrics: states }: Pick<GuardState, 'metrics'>, { name, grid }: Metric): MetricState {
  const none = { bad: 0, of: 0 };
  return states[name] ?? { logLikelihoods: grid.map(() => 0), highest: 0, canary: none, baseline: none };
}

function pairsOf({ units, pairs }: ArmDelta): PairCounts {
  return units?.pairs ?? pairs ?? noPairs;
}

function slow(name: 'latency-p50' | 'latency-p90' | 'latency-p99', grid: readonly number[], tolerate: number | null): Metric {
  return {
    name,
    against: 'ratio',
    weight: 0.09,
    grid,
    tolerate,
    count: ({ latency, units }, thresholds) => {
      const threshold = thresholds[name];
      if (threshold === null) return { bad: 0, of: 0 };
      if (units?.reached) return { bad: units.reached[threshold + 1] ?? 0, of: units.reached[0] ?? 0 };
      return { bad: slowerThan(latency, threshold), of: latency.reduce((sum, count) => sum + count, 0) };
    },
    byUser: ({ units }) => units?.reached !== undefined,
  };
}
