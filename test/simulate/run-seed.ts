import { happen, operate, supervise } from './actors.ts';
import { beginnings } from './beginnings.ts';
import { Chance } from './chance.ts';
import { deployOf } from './commands.ts';
import { layoutOf } from './databases.ts';
import { Faults } from './faults.ts';
import type { Mode, SimulationResult } from './result.ts';
import { settle } from './settle.ts';
import { Simulation } from './simulation.ts';
import type { Machine } from './simulated-process.ts';

export interface SeedOptions {
  readonly seed: number;
  readonly mode: Mode;
  /** Only these faults; null: those of the seed. */
  readonly only?: ReadonlySet<string> | null;
  readonly keepTrace?: boolean;
}

/** One seed: some operators, their faults, and what came of it. */
export async function runSeed({ seed, mode, only = null, keepTrace = false }: SeedOptions): Promise<SimulationResult> {
  const faults = new Faults({ seed, only });
  const chance = new Chance('plan', seed);
  const { empty, used } = await beginnings();
  const beginning = chance.often(0.1) ? empty : used;
  const layout = layoutOf(seed);
  // A registry of another machine may never have heard of what was before.
  const others = new Chance('others', seed).often(0.3) ? empty.registry : beginning.registry;
  const simulation = await Simulation.open({ seed, beginning, others, layout, faults, keepTrace });
  const [first, second, third] = simulation.machines as [Machine, Machine, Machine];
  if (beginning === empty) simulation.start(first, 'ana', deployOf('1.0.0', [100], 0));
  const until = simulation.scheduler.now + chance.between(38_000, 62_000);
  if (simulation.supervised) supervise(simulation);
  happen(simulation, seed);
  operate(simulation, seed, 'ana', first, until);
  operate(simulation, seed, 'bob', second, until);
  if (chance.often(0.5)) operate(simulation, seed, 'alert', third, until);
  await simulation.run(until + (mode === 'safety' ? 60_000 : 0));
  const left = mode === 'liveness' && simulation.broken === null ? await settle(simulation) : null;
  simulation.close();
  return {
    seed,
    mode,
    hash: simulation.scheduler.hash,
    events: simulation.scheduler.events,
    operations: simulation.operations,
    faults: faults.happened,
    diedBetween: [...simulation.processes.values()].filter(({ diedApplied }) => diedApplied).length,
    sometimes: simulation.sometimes,
    broken: simulation.broken ?? left,
    recent: simulation.scheduler.recent,
  };
}
