import { type MetricDirection, metricDirection } from './metric-direction.ts';

export type VersionBump = 'major' | 'minor' | 'patch';

export interface BumpQuestion {
  /** Metrics of the version before, or null when there is none. */
  readonly current: Readonly<Record<string, number>> | null;
  readonly next: Readonly<Record<string, number>>;
  readonly architectureChanged: boolean;
  readonly featuresChanged: boolean;
  /** The metric that says whether the model got better; else the first of test_accuracy and accuracy that both have. */
  readonly primaryMetric?: string;
  /** Which way that metric gets better, where its name does not tell. */
  readonly direction?: MetricDirection;
}

export interface BumpAnswer {
  readonly bump: VersionBump;
  /** The metric that was compared, or null when none could be. */
  readonly metric: string | null;
  readonly why: string;
}

const usualMetrics = ['test_accuracy', 'accuracy'] as const;
/** Relative improvement above which a new version is a minor one. */
const worthMinor = 0.05;
/** So that 0.60 -> 0.63, which is 5 % but for the last bits of its floating-point form, is not more than 5 %. */
const rounding = 1e-9;

/**
 * MAJOR when architecture or features changed, MINOR when the primary metric improved by more than 5 % of what it was, else
 * PATCH.
 */
export function determineVersionBump(question: BumpQuestion): BumpAnswer {
  const { current, next, architectureChanged, featuresChanged } = question;
  if (architectureChanged) return { bump: 'major', metric: null, why: 'the architecture changed' };
  if (featuresChanged) return { bump: 'major', metric: null, why: 'the features changed' };
  const wanted = question.primaryMetric === undefined ? usualMetrics : [question.primaryMetric];
  const metric = wanted.find((name) => Number.isFinite(current?.[name]) && Number.isFinite(next[name]));
  if (metric === undefined) {
    return { bump: 'patch', metric: null, why: `neither version can be compared by ${wanted.join(' or ')}` };
  }
  const before = current?.[metric] ?? 0;
  const after = next[metric] ?? 0;
  const direction = question.direction ?? metricDirection(metric);
  if (direction === 'unknown') return { bump: 'patch', metric, why: `nobody said which way ${metric} gets better` };
  const gain = direction === 'lower' ? before - after : after - before;
  const improved = gain > (worthMinor + rounding) * Math.abs(before);
  const told = `${metric} went from ${before} to ${after}`;
  return improved
    ? { bump: 'minor', metric, why: `${told}, more than 5 % better` }
    : { bump: 'patch', metric, why: `${told}, not more than 5 % better` };
}
