import type { Metric } from '../../model/analysis.ts';
import type { RolloutPolicy } from '../../model/policy.ts';
import { smallestRise } from '../../detect/analysis/detectable.ts';

/** One share of a canary, and how long it holds. */
export interface Stage {
  readonly weight: number;
  /** Milliseconds; a wait for a person counts as none. */
  readonly lasts: number;
}

/** The shares under 100 that a policy goes through. */
export function stagesOf({ strategy }: RolloutPolicy): readonly Stage[] {
  if (strategy.kind === 'blueGreen') return [];
  const stages: { weight: number; lasts: number }[] = [];
  for (const step of strategy.steps) {
    if (step.kind === 'setWeight') stages.push({ weight: step.weight, lasts: 0 });
    const stage = stages.at(-1);
    if (!stage) continue;
    if (step.kind === 'pause') stage.lasts += step.for ?? 0;
    if (step.kind === 'analysis') stage.lasts += Math.max(0, ...step.analysis.metrics.map(timeOf));
  }
  return stages.filter(({ weight }) => weight > 0 && weight < 100);
}

function timeOf({ initialDelay, count, interval }: Metric): number {
  return (initialDelay ?? 0) + Math.max(0, (count ?? 1) - 1) * (interval ?? 0);
}

export interface Estimate extends Stage {
  /** Requests that the version gets in the stage. */
  readonly requests: number;
  /** The smallest rise of the bad rate that the stage would most likely show; null: not even a hundredfold one. */
  readonly rise: number | null;
}

/** What each stage can show, with this traffic (requests a second over all versions) and this bad rate of the stable version. */
export function estimates(policy: RolloutPolicy, perSecond: number, rate: number, alpha: number): readonly Estimate[] {
  return stagesOf(policy).map((stage) => {
    const requests = (perSecond * stage.weight * stage.lasts) / 100_000;
    return { ...stage, requests, rise: smallestRise(requests, rate, alpha) };
  });
}
