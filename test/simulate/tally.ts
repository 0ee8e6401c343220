import type { FaultKind } from './faults.ts';
import type { SimulationResult } from './result.ts';

/** What many seeds have seen together. */
export interface Tally {
  seeds: number;
  operations: number;
  faults: number;
  events: number;
  diedBetween: number;
  /** Milliseconds of processor time. */
  cost: number;
  readonly sometimes: Record<string, number>;
  /** Faults by kind and by the step that was under way. */
  readonly at: Record<string, Record<string, number>>;
  readonly broken: Broken[];
}

export interface Broken {
  readonly seed: number;
  readonly mode: SimulationResult['mode'];
  readonly what: string;
}

export function emptyTally(): Tally {
  return { seeds: 0, operations: 0, faults: 0, events: 0, diedBetween: 0, cost: 0, sometimes: {}, at: {}, broken: [] };
}

export function add(tally: Tally, result: SimulationResult): void {
  tally.seeds += 1;
  tally.operations += result.operations;
  tally.faults += result.faults.length;
  tally.events += result.events;
  tally.diedBetween += result.diedBetween;
  for (const [what, times] of Object.entries(result.sometimes)) tally.sometimes[what] = (tally.sometimes[what] ?? 0) + times;
  for (const { kind, step } of result.faults) count(tally, kind, step, 1);
  if (result.broken !== null) tally.broken.push({ seed: result.seed, mode: result.mode, what: result.broken });
}

export function merge(tallies: readonly Tally[]): Tally {
  const sum = emptyTally();
  for (const each of tallies) {
    for (const key of ['seeds', 'operations', 'faults', 'events', 'diedBetween', 'cost'] as const) sum[key] += each[key];
    for (const [what, times] of Object.entries(each.sometimes)) sum.sometimes[what] = (sum.sometimes[what] ?? 0) + times;
    for (const [kind, steps] of Object.entries(each.at))
      for (const [step, times] of Object.entries(steps)) count(sum, kind as FaultKind, step, times);
    sum.broken.push(...each.broken);
  }
  sum.broken.sort((one, other) => one.seed - other.seed);
  return sum;
}

function count(tally: Tally, kind: FaultKind, step: string, times: number): void {
  const steps = tally.at[kind] ?? {};
  steps[step] = (steps[step] ?? 0) + times;
  tally.at[kind] = steps;
}
