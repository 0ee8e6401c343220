import type { GuardPolicy, GuardState, MetricEvidence, MetricState, SplitState } from '../model/evidence.ts';
import { comparedRate } from './needed-exposure.ts';

/** The two versions that a sentence is about. */
interface Versions {
  readonly version: string;
  readonly stable: string;
}

const nouns: Readonly<Record<MetricEvidence['metric'], string>> = {
  'errors': 'errors',
  'latency-p50': 'slow answers (over twice the median)',
  'latency-p90': 'slow answers (over twice the 90th percentile)',
  'latency-p99': 'slow answers (over twice the 99th percentile)',
  'answers': 'wrong answers',
  'limit': 'errors',
  'pairs': 'wrong answers to the same requests',
  'restarts': 'ends of copies',
};

/** Why it is rolled back. */
export function accusation(worst: MetricEvidence, state: GuardState, policy: GuardPolicy, { version, stable }: Versions): string {
  const { canary, baseline, metric } = worst;
  const odds = count(Math.round(Math.exp(Math.min(state.highest, 20))));
  const rate = metric === 'restarts' ? inTime : percent;
  const compared =
    metric === 'restarts'
      ? typeof policy.restarts === 'number'
        ? `where ${policy.restarts} a day and copy are allowed`
        : `against ${inTime(baseline)} of ${stable}`
      : metric === 'limit'
        ? `where ${percent({ bad: policy.limit ?? 0, of: 1 })} is the limit, over ${count(canary.of)}`
        : `against ${percent(baseline)} of ${stable}, over ${count(canary.of)} and ${count(baseline.of)}`;
  return `${nouns[metric]} of ${version} ${rate(canary)} ${compared}: evidence ${state.highest > 20 ? 'over ' : ''}${odds} to 1, ${count(Math.round(1 / policy.alpha))} to 1 needed`;
}

export function undecided(state: GuardState, had: number, needed: number): string {
  return `the time is over and nothing is decided: ${waiting(state, had, needed)}`;
}

export function waiting(state: GuardState, had: number, needed: number): string {
  if (state.quiet >= 3) return `no requests reached one of the two versions in the last ${state.quiet} intervals`;
  if (had < needed) return `${count(had)} of ${count(needed)} ${counted(state)} that a pass needs`;
  return 'no evidence against it so far';
}

/** Why it is passed on, and what that says nothing about. */
export function passing(had: number, state: GuardState, policy: GuardPolicy, { version, stable }: Versions): string {
  const shown = percent({ bad: Math.min(1, policy.detect * comparedRate(state, policy)), of: 1 });
  return `${version} did no worse than ${stable} over ${count(had)} ${counted(state)}; errors of ${shown} would most likely have shown${unjudged(state)}`;
}

/** Why nothing can be said by comparing. */
export function wrongSplit(split: SplitState, state: GuardState, { version, stable }: Versions): string {
  const { share, canary, baseline, rest } = split;
  const all = canary + baseline + (rest?.given ?? 0);
  const part = 1 - (rest?.share ?? 0);
  const got = percent({ bad: canary, of: all });
  const set = percent({ bad: share * part, of: 1 });
  // Of two, what one has tells of the other.
  const beside = rest && {
    got: `, and ${stable} ${percent({ bad: baseline, of: all })}`,
    set: `, and ${percent({ bad: (1 - share) * part, of: 1 })}, were`,
  };
  return `${version} got ${got}${beside?.got ?? ''} of the ${counted(state)} where ${set}${beside?.set ?? ' was'} set: they are not divided as they should be, so the versions cannot be compared`;
}

/** What errors are counted by. */
export function counted({ byUnit }: Pick<GuardState, 'byUnit'>): string {
  return byUnit ? 'users' : 'requests';
}

/** What a pass says nothing about. */
function unjudged({ thresholds, metrics: seen }: GuardState): string {
  const without = [
    ...(Object.values(thresholds).every((threshold) => threshold === null) ? ['slow answers'] : []),
    ...(seen.answers.canary.of === 0 ? ['wrong answers'] : []),
  ];
  return without.length === 0 ? '' : `; ${without.join(' and ')} were not judged`;
}

/** Ends of copies, and for how long those ran, all added up. */
function inTime({ bad, of }: MetricState['canary']): string {
  return `${bad} in ${of < 600 ? `${Math.round(of)} s` : `${Math.round(of / 60)} min`} of running`;
}

function percent({ bad, of }: MetricState['canary']): string {
  return of === 0 ? 'unknown' : `${((100 * bad) / of).toFixed(1)} %`;
}

function count(number: number): string {
  return number.toLocaleString('en-US');
}
