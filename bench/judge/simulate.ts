import { Chance } from './chance.ts';
import type { Judge } from './judges.ts';
import { drawMinute, type Minute, minutes, type Scenario } from './traffic.ts';

/** When a judge fired in each run, and how much the canary had served by then. Infinity: not within the time. */
export interface Fired {
  readonly judge: string;
  readonly runs: number;
  /** Minutes, from 1. */
  readonly at: Float64Array;
  readonly requests: Float64Array;
}

export interface Simulation {
  readonly scenario: Scenario;
  readonly seed: number;
  readonly judges: readonly { readonly judge: Judge; readonly runs: number }[];
  readonly draw?: (chance: Chance, scenario: Scenario, minute: number) => Minute;
}

/** Every judge sees the same traffic, as far as its runs go. */
export function simulate({ scenario, seed, judges, draw = drawMinute }: Simulation): readonly Fired[] {
  const chance = new Chance(seed);
  const fired = judges.map(({ judge, runs }) => ({
    judge: judge.name,
    runs,
    at: new Float64Array(runs).fill(Number.POSITIVE_INFINITY),
    requests: new Float64Array(runs),
  }));
  const most = Math.max(...judges.map(({ runs }) => runs));
  for (let run = 0; run < most; run += 1) {
    const watching = judges.flatMap(({ judge, runs }, index) => (run < runs ? [{ index, watch: judge.begin() }] : []));
    let served = 0;
    for (let minute = 0; minute < minutes && watching.length > 0; minute += 1) {
      const counts = draw(chance, scenario, minute);
      served += counts.canary.of;
      for (let position = watching.length - 1; position >= 0; position -= 1) {
        const { index, watch } = watching[position]!;
        if (!watch(counts, minute)) continue;
        fired[index]!.at[run] = minute + 1;
        fired[index]!.requests[run] = served;
        watching.splice(position, 1);
      }
    }
  }
  return fired;
}

/** Part of the runs in which it fired. */
export function firedPart({ at, runs }: Fired): number {
  return at.filter(Number.isFinite).length / runs;
}

/** alpha and three standard errors: what a rate of false alarms that is alpha will not be over. */
export function allowed(alpha: number, runs: number): number {
  return alpha + 3 * Math.sqrt((alpha * (1 - alpha)) / runs);
}

/** Median minutes over all runs, and median requests of the canary over those in which it fired. */
export function detection(fired: Fired): { readonly minutes: number; readonly requests: number; readonly power: number } {
  const middle = (values: Float64Array): number => values.toSorted()[Math.floor((values.length - 1) / 2)] ?? Number.NaN;
  return {
    minutes: middle(fired.at),
    requests: middle(fired.requests.filter((_, run) => Number.isFinite(fired.at[run]))),
    power: firedPart(fired),
  };
}
