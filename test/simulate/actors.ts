import { type Resumption, resumptions } from '../../src/host/supervise-operations.ts';
import { Chance } from './chance.ts';
import { type Command, drawCommand, dueCommand, resumeOf, rollbackOf } from './commands.ts';
import { registryOnly, served, servedBeside } from './services.ts';
import { registryFaults } from './simulated-database.ts';
import type { Simulation } from './simulation.ts';
import type { Machine, SimulatedProcess } from './simulated-process.ts';

/** Somebody who types one command after the other, and now and then loses patience. */
export function operate(simulation: Simulation, seed: number, name: string, machine: Machine, until: number): void {
  const { scheduler } = simulation;
  const chance = new Chance(name, seed);
  const beside = new Chance(`${name} beside`, seed);
  const next = (): void => {
    scheduler.after(
      name === 'alert' ? chance.between(2_000, 20_000) : chance.between(300, 5_000),
      `${name} thinks of something`,
      null,
      () => {
        if (scheduler.now > until || simulation.faults.healed) return;
        const service = name !== 'alert' && chance.often(0.12) ? registryOnly : beside.often(0.3) ? servedBeside : served;
        const command =
          name === 'alert' ? rollbackOf({ alert: true }) : drawCommand(chance, simulation.seenOf(machine, service.name));
        typed(command, service);
      },
    );
  };
  const typed = (command: Command, service: typeof served): void => {
    const process = simulation.start(machine, name, command, service, next);
    if (process.strikes('interrupt', 'command', 0.12)) interruptLater(simulation, process, chance.between(20, 8_000));
    interruptLater(simulation, process, 240_000);
    process.died = () => {
      if (scheduler.now <= until && chance.often(0.4)) typed(resumeOf(null), service);
      else next();
    };
  };
  next();
}

function interruptLater(simulation: Simulation, process: SimulatedProcess, after: number): void {
  simulation.scheduler.after(after, `${process.name} is interrupted`, process, () => {
    if (process.alive && !simulation.faults.healed) process.interrupt.abort(new DOMException('interrupted', 'AbortError'));
  });
}

const pauses = [1_000, 5_000, 15_000, 60_000] as const;
const notFound = 30_000;

/**
 * The host goes on with what a dead process left and with what is due, judged by the real host's own rule: one process for all there
 * is, and one by name for what that does not find.
 */
export function supervise(simulation: Simulation): void {
  const { scheduler, host } = simulation;
  const machine = simulation.machines[0] as Machine;
  const tried = new Map<string, { readonly state: string; readonly times: number; readonly notBefore: number }>();
  const seen = new Map<string, number>();
  const running = new Set<string>();
  const timesOf = ({ what, state }: Resumption): number => {
    const earlier = tried.get(what);
    return earlier?.state === state ? earlier.times : 0;
  };
  const carryOn = (word: string, command: Command, left: readonly Resumption[]): void => {
    if (running.has(word)) return;
    running.add(word);
    const ended = (): void => {
      running.delete(word);
      for (const each of left) {
        const times = timesOf(each);
        const pause = pauses[Math.min(times, pauses.length - 1)] ?? 0;
        tried.set(each.what, { state: each.state, times: times + 1, notBefore: scheduler.now + pause });
      }
    };
    simulation.start(machine, 'supervisor', command, served, ended).died = ended;
  };
  const look = (): void => {
    scheduler.after(simulation.faults.healed ? 3_000 : 1_000, 'the supervisor looks', null, look);
    if (!host.up) return;
    const gone = (owner: string): boolean => simulation.life(owner) === 'gone' && owner.startsWith(`${machine.name}/`);
    const left = resumptions(served.name, host.record.value, machine.database.clock.wall(), gone).filter(
      (each) => timesOf(each) === 0 || scheduler.now >= (tried.get(each.what)?.notBefore ?? 0),
    );
    for (const { what, state } of left) if (!seen.has(`${what} ${state}`)) seen.set(`${what} ${state}`, scheduler.now);
    const single = (each: Resumption): boolean =>
      each.operation !== null && (timesOf(each) > 0 || scheduler.now - (seen.get(`${each.what} ${each.state}`) ?? 0) >= notFound);
    const together = left.filter((each) => !single(each));
    if (together.length > 0) carryOn('--due', dueCommand, together);
    for (const each of left)
      if (each.operation !== null && single(each)) carryOn(each.operation, resumeOf(each.operation), [each]);
  };
  look();
}

/** What happens of itself: copies die, the host starts anew, somebody else writes, clocks are set. */
export function happen(simulation: Simulation, seed: number): void {
  const { scheduler, host, faults } = simulation;
  const chance = new Chance('nature', seed);
  const which = new Chance('nature of databases', seed);
  const power = new Chance('power', seed);
  const step = (): string => simulation.running[0]?.step ?? 'nobody';
  const look = (): void => {
    if (faults.healed) return;
    scheduler.after(chance.between(500, 3_000), 'nature', null, look);
    if (faults.strikes('copy-death', 'nature', 0.25, step())) {
      const version = chance.of([...host.versions.values()].filter(({ copies }) => copies.length > 0));
      if (version) host.die(version, chance.of(version.copies));
    }
    if (host.up && faults.strikes('host-restart', 'nature', 0.06, step())) {
      host.up = false;
      scheduler.after(chance.between(500, 8_000), 'the host is back', null, () => {
        host.up = true;
        host.starts += 1;
      });
    }
    const ready = [...host.versions.keys()].filter((version) => host.readyCopies(version) > 0);
    if (ready.length > 0 && faults.strikes('foreign-write', 'nature', 0.05, step()))
      host.writeForeign({ [chance.of(ready)]: 100 });
    if (faults.strikes('clock-jump', 'nature', 0.05, step()))
      which.of(simulation.databases).clock.offset += chance.of([-3_600_000, -5_000, 5_000, 3_600_000]);
    if (faults.strikes('registry-away', 'nature', 0.12, step())) breakRegistry(simulation, which);
    if (faults.strikes('power-cut', 'nature', 0.06, step())) cutPower(simulation, power);
  };
  look();
}

/** A registry is full, damaged or out of reach for a while, and then as it was. */
function breakRegistry({ scheduler, databases }: Simulation, chance: Chance): void {
  const database = chance.of(databases);
  if (database.broken !== null) return;
  database.broken = chance.of(registryFaults);
  scheduler.note(`${database.name || 'the registry'} cannot be used: ${database.broken}`);
  scheduler.after(chance.between(2_000, 25_000), 'the registry is back', null, () => {
    database.broken = null;
  });
}

/** Everything on a machine ends at once, what serves too where it is that one; of what was not synced only some is there afterwards. */
function cutPower(simulation: Simulation, chance: Chance): void {
  const { scheduler, host } = simulation;
  const machine = chance.of(simulation.machines);
  scheduler.note(`the power of ${machine.name} is cut`);
  for (const process of simulation.running) if (process.machine.name === machine.name) process.crash('a power cut');
  simulation.diskOf(machine).powerCut(chance);
  if (machine.name !== simulation.machines[0]?.name) return;
  host.up = false;
  for (const version of host.versions.values()) for (const copy of version.copies) host.die(version, copy);
  scheduler.after(chance.between(500, 8_000), 'the host is back', null, () => {
    host.up = true;
    host.starts += 1;
  });
}
