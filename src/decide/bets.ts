import type { GuardPolicy, GuardState, Interval } from '../model/evidence.ts';
import { type Metric, wrongPairs } from '../detect/metrics.ts';
import { extendPaired } from '../detect/sequential/paired-e-process.ts';
import { extendPoisson } from '../detect/sequential/poisson-e-process.ts';
import { extendRatio, type RatioCounts } from '../detect/sequential/ratio-e-process.ts';
import { extendSlo } from '../detect/sequential/slo-e-process.ts';

/** Seconds. */
export const day = 86_400;

/** The log-likelihoods of a metric after one interval more. */
export function bets(
  metric: Metric,
  before: readonly number[],
  counts: RatioCounts,
  { canary, baseline, share }: Interval,
  { byUnit }: Pick<GuardState, 'byUnit'>,
  policy: GuardPolicy,
): readonly number[] {
  const { grid } = metric;
  const tolerate = metric.tolerate ?? policy.tolerate;
  // What fails together is one piece of evidence, not many: counts over their dispersion (an approximation, simulated in bench:judge).
  const dispersion = policy.dispersion ?? 1;
  const spread = ({ bad, of }: RatioCounts['canary']): RatioCounts['canary'] => ({ bad: bad / dispersion, of: of / dispersion });
  switch (metric.against) {
    case 'limit':
      return typeof policy.limit === 'number' ? extendSlo(before, spread(counts.canary), policy.limit, grid) : before;
    case 'time':
      return typeof policy.restarts === 'number'
        ? extendPoisson(before, counts.canary.bad, (policy.restarts / day) * counts.canary.of, grid)
        : extendRatio(before, counts, tolerate, grid);
    case 'pairs': {
      const { canaryOnly, baselineOnly, both } = wrongPairs(canary, baseline);
      const wrong = {
        canaryOnly: canaryOnly / dispersion,
        baselineOnly: baselineOnly / dispersion,
        both: both / dispersion,
      };
      return extendPaired(before, wrong, tolerate, grid);
    }
    case 'ratio': {
      // A user who meets something bad now may have been there for long, so those at risk are not who came just now. Each was given to a version by
      // chance, by its share; so of those who meet it first now that part falls on the canary, if it is no worse.
      const users = byUnit === true && metric.byUser(baseline) && share !== undefined;
      const atRisk = ({ bad, of }: RatioCounts['canary'], part: number): RatioCounts['canary'] => ({
        bad,
        of: users ? part : of,
      });
      return extendRatio(
        before,
        { canary: spread(atRisk(counts.canary, share ?? 0)), baseline: spread(atRisk(counts.baseline, 1 - (share ?? 0))) },
        tolerate,
        grid,
      );
    }
  }
}
