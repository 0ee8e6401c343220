import { deployOf, dueCommand } from './commands.ts';
import { Faults } from './faults.ts';
import { registryOnly, served } from './services.ts';
import { migratedSnapshot, type SimulatedDatabase } from './simulated-database.ts';
import { type Beginning, Simulation } from './simulation.ts';
import type { Machine } from './simulated-process.ts';

let made: Promise<{ readonly empty: Beginning; readonly used: Beginning }> | null = null;

/** A service that was never deployed, and one that serves its third version, both made once by the engine itself without any fault. */
export function beginnings(): Promise<{ readonly empty: Beginning; readonly used: Beginning }> {
  made ??= make();
  return made;
}

async function make(): Promise<{ readonly empty: Beginning; readonly used: Beginning }> {
  const empty: Beginning = { registry: await migratedSnapshot(), host: null, now: 0 };
  const faults = new Faults({ seed: 0, only: new Set() });
  const simulation = await Simulation.open({ seed: 0, beginning: empty, faults, keepTrace: false });
  const machine = simulation.machines[0] as Machine;
  for (const version of ['1.0.0', '1.1.0', '1.2.0']) {
    for (const service of [served, registryOnly]) simulation.start(machine, 'ana', deployOf(version, [100], 0), service);
    await simulation.run(simulation.scheduler.now + 60_000);
    for (const service of [served, registryOnly]) simulation.start(machine, 'ana', dueCommand, service);
    await simulation.run(simulation.scheduler.now + 10_000);
  }
  if (simulation.broken !== null) throw new Error(`without any fault: ${simulation.broken}`);
  const [{ connection }] = simulation.databases as [SimulatedDatabase];
  const registry = (connection as typeof connection & { serialize(): Uint8Array }).serialize();
  const used: Beginning = { registry, host: simulation.host.save(), now: simulation.scheduler.now };
  simulation.close();
  return { empty, used };
}
