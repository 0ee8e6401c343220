import type { GuardPolicy, GuardState, MetricName } from '../model/evidence.ts';
import { counted } from '../decide/guard-sentences.ts';
import { remaining } from '../decide/remaining.ts';
import { judgedBy, stateOf } from '../detect/metrics.ts';
import { rateSequence } from '../detect/sequential/rate-sequence.ts';
import { bar } from './bar.ts';
import { duration } from './duration.ts';
import { count, measured, percent } from './number.ts';
import { sparkline } from './sparkline.ts';
import type { WatchProgress } from './step-progress.ts';

const names: Readonly<Record<MetricName, string>> = {
  'errors': 'errors',
  'latency-p50': 'slow (p50)',
  'latency-p90': 'slow (p90)',
  'latency-p99': 'slow (p99)',
  'answers': 'wrong',
  'limit': 'over limit',
  'pairs': 'both asked',
  'restarts': 'restarts',
};

/** How much evidence there is against a version, of what it takes to roll it back. */
export interface MetricStanding {
  readonly metric: MetricName;
  readonly canary: { readonly bad: number; readonly of: number };
  readonly stable: { readonly bad: number; readonly of: number };
  /** Bounds of the canary's rate that hold at all looks at once, 95 %; null: nothing was seen. */
  readonly between: { readonly low: number; readonly high: number } | null;
  /** Log e-value over the log of the bar that this metric alone would have to pass, 0 to 1. */
  readonly towardsBar: number;
}

/** The metrics that have seen anything; of ends of copies, those that there were. */
export function standings(state: GuardState, policy: Pick<GuardPolicy, 'alpha' | 'limit' | 'paired'>): readonly MetricStanding[] {
  return judgedBy(policy).flatMap((metric) => {
    const { canary, baseline, highest } = stateOf(state, metric);
    if (canary.of === 0 && baseline.of === 0) return [];
    const inTime = metric.against === 'time';
    if (inTime && canary.bad === 0 && baseline.bad === 0) return [];
    const between = canary.of === 0 || inTime ? null : rateSequence(canary.bad, canary.of, 0.05);
    const towardsBar = towards(highest, Math.log(1 / (policy.alpha * metric.weight)));
    return [{ metric: metric.name, canary, stable: baseline, between, towardsBar }];
  });
}

/** What a guard sees, under the step in which it watches: each metric's rates, the stable version's beside it, and its evidence. */
export function watchLines({ state, policy, seen }: WatchProgress): readonly string[] {
  if (state.consumed === 0) return ['no interval with traffic to both versions yet'];
  const each = standings(state, policy).map(
    ({ metric, canary, stable, between, towardsBar }) =>
      `${names[metric].padEnd(11)}${metric === 'restarts' ? ran(canary) : canaryRate(canary, between)} against ${against(metric, stable, policy)}  ${bar(towardsBar * 100, 5)}`,
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
    `${'to decide'.padEnd(11)}${lacking(state, policy)}`,
    ...(policy.estimated && (policy.dispersion ?? 1) > 1
      ? [`${'bursts'.padEnd(11)}${measured(policy.dispersion ?? 1)} errors count as one, as the stable version's came before`]
      : []),
    ...(state.carried
      ? [`${'budget'.padEnd(11)}one for all ${state.carried.try} tries of this version, ${percent(policy.alpha)}`]
      : []),
  ];
}

/** Traffic, and the time that it takes at the present pace. */
function lacking(state: GuardState, policy: GuardPolicy): string {
  const { pass, rollback, perSecond } = remaining(state, policy);
  const least = (requests: number): string =>
    perSecond === null || perSecond === 0 ? '' : `, about ${duration((1_000 * requests) / perSecond)}`;
  if (rollback === 0) return 'enough evidence for a rollback';
  const passing =
    pass === 0 ? `enough ${counted(state)} for a pass` : `${count(pass)} ${counted(state)} more for a pass${least(pass)}`;
  return rollback === null ? passing : `${passing}; ${count(rollback)} for a rollback, if this goes on${least(rollback)}`;
}

function canaryRate(canary: MetricStanding['canary'], between: MetricStanding['between']): string {
  if (between === null) return rate(canary);
  return `${percent(canary.bad / canary.of)} (${percent(between.low)} to ${percent(between.high)}) of ${count(canary.of)}`;
}

function against(metric: MetricName, stable: MetricStanding['stable'], { limit, restarts }: GuardPolicy): string {
  if (metric === 'restarts') return typeof restarts === 'number' ? `${measured(restarts)} a day and copy` : ran(stable);
  if (metric === 'limit') return `a limit of ${percent(limit ?? 0)}`;
  return stable.of === 0 ? 'nothing' : percent(stable.bad / stable.of);
}

function ran({ bad, of }: MetricStanding['canary']): string {
  return `${count(bad)} in ${duration(1_000 * of)} of running`;
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
