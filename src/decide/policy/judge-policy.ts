import type { Analysis, RolloutPolicy } from '../../model/policy.ts';
import { outlookOf } from '../../detect/analysis/outlook.ts';
import type { Findings, Place } from './findings.ts';

/** A policy that can never fire, or never pass, is an error whatever it measures. */
export function judgePolicy(policy: RolloutPolicy, at: Place, findings: Findings): void {
  for (const { analysis, background } of analysesOf(policy)) {
    for (const metric of analysis.metrics) {
      if (policy.strategy.kind === 'blueGreen' && metric.provider.kind === 'sequential' && metric.provider.baseline === 'fresh')
        findings.error(
          at,
          `analysis ${analysis.name}, metric ${metric.name}: baseline: fresh compares at a share of the traffic, and blueGreen has none`,
        );
      const outlook = outlookOf(metric, background);
      if (outlook !== null && !metric.dryRun) findings.error(at, `analysis ${analysis.name}, metric ${metric.name}: ${outlook}`);
    }
    if (analysis.metrics.length > 0 && analysis.metrics.every(({ dryRun }) => dryRun))
      findings.error(at, `analysis ${analysis.name} can never fail: every metric of it is a dry run`);
  }
}

/** Every analysis of a policy, and whether it runs beside the steps. */
export function analysesOf({
  strategy,
}: RolloutPolicy): readonly { readonly analysis: Analysis; readonly background: boolean }[] {
  if (strategy.kind === 'blueGreen')
    return [strategy.before, strategy.after].flatMap((analysis) => (analysis ? [{ analysis, background: false }] : []));
  const inline = strategy.steps.flatMap((step) =>
    step.kind === 'analysis' ? [{ analysis: step.analysis, background: false }] : [],
  );
  return strategy.background ? [...inline, { analysis: strategy.background.analysis, background: true }] : inline;
}
