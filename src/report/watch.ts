import type { GuardPolicy, GuardState, MetricName } from '../model/evidence.ts';
import { metrics } from '../detect/metrics.ts';
import { bar } from './bar.ts';
import { count, percent } from './number.ts';
import { sparkline } from './sparkline.ts';
import type { WatchProgress } from './step-progress.ts';

const names: Readonly<Record<MetricName, string>> = {
  'errors': 'errors',
  'latency-p50': 'slow (p50)',
  'latency-p90': 'slow (p90)',
  'latency-p99': 'slow (p99)',
  'answers': 'wrong',
};

/** How much evidence there is against a version, of what it takes to roll it back. */
export interface MetricStanding {
  readonly metric: MetricName;
  readonly canary: { readonly bad: number; readonly of: number };
  readonly stable: { readonly bad: number; readonly of: number };
  /** Log e-value over the log of the bar that this metric alone would have to pass, 0 to 1. */
  readonly towardsBar: number;
}

/** The metrics that have seen anything. */
export function standings(state: GuardState, { alpha }: Pick<GuardPolicy, 'alpha'>): readonly MetricStanding[] {
  return metrics.flatMap(({ name, weight }) => {
    const { canary, baseline, highest } = state.metrics[name];
    if (canary.of === 0 && baseline.of === 0) return [];
    return [{ metric: name, canary, stable: baseline, towardsBar: towards(highest, Math.log(1 / (alpha * weight))) }];
  });
}

/** What a guard sees, under the step in which it watches: each metric's rates, the stable version's beside it, and its evidence. */
export function watchLines({ state, policy, seen }: WatchProgress): readonly string[] {
  if (state.consumed === 0) return ['no interval with traffic to both versions yet'];
  const each = standings(state, policy).map(
    ({ metric, canary, stable, towardsBar }) =>
      `${names[metric].padEnd(11)}${rate(canary)} against ${rate(stable)}  ${bar(towardsBar * 100, 5)}`,
  );
  const needed = Math.log(1 / policy.alpha);
  const past =
    seen.length > 1
      ? `  ${sparkline(
          seen.map(({ logE }) => logE),
          16,
        )}`
      : '';
  return [
    ...each,
    `${'evidence'.padEnd(11)}${odds(state.highest)} to 1 of ${odds(needed)} to 1  ${bar(towards(state.highest, needed) * 100, 5)}${past}`,
  ];
}

function towards(logE: number, needed: number): number {
  return Math.min(1, Math.max(0, logE / needed));
}

function rate({ bad, of }: MetricStanding['canary']): string {
  return of === 0 ? 'nothing' : `${percent(bad / of)} of ${count(of)}`;
}

/** Beyond this the odds say nothing more to anybody. */
const highestOdds = 20;

function odds(logE: number): string {
  return `${logE > highestOdds ? 'over ' : ''}${count(Math.exp(Math.min(highestOdds, logE)))}`;
}
