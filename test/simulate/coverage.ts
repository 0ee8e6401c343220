import type { FaultKind } from './faults.ts';
import type { Tally } from './tally.ts';

/** Steps in which a fault of this kind can happen at all. A pointer is moved in one transaction and asks nobody. */
const everywhere = ['wake', 'route', 'bake', 'confirm', 'task retire'];
const writing = ['wake', 'route', 'task retire'];
const mustReach: Readonly<Record<FaultKind, readonly string[]>> = {
  'refused': everywhere,
  'answer-lost': writing,
  'hang': everywhere,
  'late': writing,
  'slow': everywhere,
  'lag': everywhere,
  'crash': [...everywhere, 'point'],
  'interrupt': [],
  'busy': [...everywhere, 'point'],
  'copy-death': everywhere,
  'not-ready': [],
  'host-restart': everywhere,
  'foreign-write': everywhere,
  'clock-jump': everywhere,
  'registry-away': everywhere,
  'power-cut': everywhere,
};

/** Rare things that a batch of this size meets, or it looks at nothing. */
const sometimes = [
  'ended with lane.taken',
  'ended with check.refused',
  'ended with interrupted',
  'ended with plan.stale',
  'ended with registry.busy',
  'ended with rollback.no-way-back',
  'resumed when it was running',
  'resumed when it was stuck',
  'databases: 2',
  'databases: 3',
  'rows by catch-up',
  'pushed aside by another database',
  'taken up by another database',
  'rollback without the registry',
  'resume without the registry',
  'rows by import',
  'ended with registry.unreachable',
  'ended with registry.damaged',
  'ended with registry.full',
];

/** What two thousand seeds should have reached and did not. Empty: the harness is not blind. */
export function blindSpots(tally: Tally): readonly string[] {
  const { seeds, operations, faults, diedBetween, at } = tally;
  const spots: string[] = [];
  if (operations < 5 * seeds) spots.push(`${operations} operations in ${seeds} seeds`);
  if (faults < 3 * seeds) spots.push(`${faults} faults in ${seeds} seeds`);
  if (diedBetween < 100) spots.push(`${diedBetween} deaths between an effect and the commit of its end`);
  for (const [kind, steps] of Object.entries(mustReach))
    for (const step of steps) if (!at[kind]?.[step]) spots.push(`no ${kind} in the step ${step}`);
  for (const what of sometimes) if (!tally.sometimes[what]) spots.push(`never: ${what}`);
  return spots;
}
