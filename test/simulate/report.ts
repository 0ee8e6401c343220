import type { Mode } from './result.ts';
import type { Tally } from './tally.ts';

/** The one command that shows a seed again. */
export function reproduce(seed: number, mode: Mode): string {
  return `npm run simulate -- --seed ${seed} --mode ${mode}`;
}

/** What many seeds have seen, in a few lines. */
export function summary(tally: Tally): string {
  const mean = (sum: number): string => (sum / Math.max(1, tally.seeds)).toFixed(1);
  const kinds = Object.entries(tally.at)
    .map(([kind, steps]) => `${kind} ${Object.values(steps).reduce((sum, times) => sum + times, 0)}`)
    .join(', ');
  return [
    `${tally.seeds} seeds: ${tally.operations} operations (${mean(tally.operations)} a seed), ${tally.faults} faults (${mean(tally.faults)} a seed), ${mean(tally.events)} events a seed`,
    `${tally.diedBetween} processes died between an effect and the commit of its end`,
    kinds,
    `${mean(tally.cost)} ms of processor time a seed`,
  ].join('\n');
}
