import type { ArmDelta, LatencyThresholds, MetricName } from '../model/evidence.ts';
import { wideGrid } from './sequential/ratio-e-process.ts';
import { slowerThan } from './sequential/latency-thresholds.ts';

/** How a metric is judged: its share of alpha, the ratios it bets on, and what counts as bad. */
export interface Metric {
  readonly name: MetricName;
  readonly weight: number;
  readonly grid: readonly number[];
  /** Tolerated ratio where it differs from the policy's. */
  readonly tolerate: number | null;
  readonly count: (arm: ArmDelta, thresholds: LatencyThresholds) => { readonly bad: number; readonly of: number };
}

/** 0.45 for errors, 0.27 for slow answers, 0.18 for wrong ones; 0.10 stays in reserve for a metric that joins later. */
export const metrics: readonly Metric[] = [
  {
    name: 'errors',
    weight: 0.45,
    grid: wideGrid,
    tolerate: null,
    count: ({ errors, unanswered, requests }) => ({ bad: errors + unanswered, of: requests }),
  },
  slow('latency-p50', [1.1, 1.25, 1.5, 1.8], 1.1),
  slow('latency-p90', [1.25, 1.5, 2, 4], null),
  slow('latency-p99', wideGrid, null),
  {
    name: 'answers',
    weight: 0.18,
    grid: [1.1, 1.25, 1.5, 2, 3],
    tolerate: null,
    count: ({ right, wrong }) => ({ bad: wrong, of: right + wrong }),
  },
];

function slow(name: 'latency-p50' | 'latency-p90' | 'latency-p99', grid: readonly number[], tolerate: number | null): Metric {
  return {
    name,
    weight: 0.09,
    grid,
    tolerate,
    count: ({ latency }, thresholds) => {
      const threshold = thresholds[name];
      if (threshold === null) return { bad: 0, of: 0 };
      return { bad: slowerThan(latency, threshold), of: latency.reduce((sum, count) => sum + count, 0) };
    },
  };
}
