import { ProblemError } from '../../src/model/errors.ts';
import type { Service } from '../../src/model/service.ts';
import type { Store } from '../../src/store/store.ts';
import type { Outcome } from '../../src/operate/outcome.ts';
import { Chance } from './chance.ts';
import type { Engine } from '../../src/execute/engine.ts';
import type { Glass } from '../../src/execute/glass.ts';
import { journalsToTakeIn } from '../../src/cli/local-journal.ts';
import { type Command, dueCommand, tasksCommand } from './commands.ts';
import { fromRecord } from './break-glass.ts';
import { type Layout, shared } from './databases.ts';
import type { Faults } from './faults.ts';
import { Oracle } from './oracle.ts';
import { Scheduler } from './scheduler.ts';
import { registryOnly, served } from './services.ts';
import { MachineClock } from './simulated-clock.ts';
import { emptySnapshot, openDatabase, type SimulatedDatabase, storeOf, versions } from './simulated-database.ts';
import { SimulatedDisk } from './simulated-disk.ts';
import { engineOf, type EngineSurroundings } from './simulated-engine.ts';
import { type HostState, SimulatedHost } from './simulated-host.ts';
import { Crashed, type Machine, SimulatedProcess } from './simulated-process.ts';

/** Where a world begins: its registry, what runs, and what time it is. */
export interface Beginning {
  readonly registry: Uint8Array;
  readonly host: HostState | null;
  readonly now: number;
}

export interface SimulationOptions {
  readonly seed: number;
  readonly beginning: Beginning;
  /** What goes wrong; by default what the seed decides. */
  readonly faults: Faults;
  readonly keepTrace: boolean;
  /** Which database each machine has; by default all the same. */
  readonly layout?: Layout;
  /** What a registry that did not see the beginning knows: by default the same as the first. */
  readonly others?: Uint8Array;
  /** Instead of what the seed decides. */
  readonly settings?: { readonly supervised: boolean; readonly fenced: boolean; readonly spread: boolean };
}

const lease = 12_000;
/** A seed takes some six hundred. */
const mostEvents = 20_000;

/** One world with one registry, or a few, in which processes come and go. */
export class Simulation {
  readonly scheduler: Scheduler;
  readonly faults: SimulationOptions['faults'];
  readonly host: SimulatedHost;
  readonly machines: readonly Machine[];
  readonly supervised: boolean;
  readonly sometimes: Record<string, number> = {};
  readonly processes = new Map<string, SimulatedProcess>();
  diedBetween = 0;
  broken: string | null = null;
  readonly #options: SimulationOptions;
  readonly layout: Layout;
  readonly #fenced: boolean;
  /** The operators sit at machines of their own, as with a database that is shared: who is elsewhere is known by its lease alone. */
  readonly #spread: boolean;
  #pids = 0;
  #oracle!: Oracle;
  readonly databases: SimulatedDatabase[] = [];
  /** What rollbacks without the registry were written to. */
  readonly #journals: SimulatedDatabase[] = [];
  readonly #disks = new Map<string, SimulatedDisk<SimulatedDatabase>>();

  private constructor(options: SimulationOptions) {
    const { seed } = options;
    this.#options = options;
    this.faults = options.faults;
    this.layout = options.layout ?? shared;
    this.scheduler = new Scheduler(seed, options.keepTrace);
    const chance = new Chance('world', seed);
    const drawn = { supervised: chance.often(0.7), fenced: chance.often(0.8), spread: chance.often(0.3) };
    const { supervised, fenced, spread } = options.settings ?? drawn;
    this.supervised = supervised;
    this.#fenced = fenced;
    this.#spread = spread;
    this.host = new SimulatedHost({
      scheduler: this.scheduler,
      chance: new Chance('host', seed),
      errors: new Map(versions.filter(() => chance.often(0.25)).map((version) => [version, 0.3])),
      neverReady: new Set(
        versions.slice(1).filter((version) => this.faults.strikes('not-ready', `nature ${version}`, 0.6, 'nobody')),
      ),
      effect: (effect) => this.#oracle.effect(effect),
    });
    const rates = [1, chance.of([0.5, 1, 2]), chance.of([0.5, 1, 2])];
    const clocks = rates.map((rate) => new MachineClock(this.scheduler, rate, chance.between(-5_000, 5_000)));
    this.machines = clocks.map((clock, index) => {
      const database = (): SimulatedDatabase => this.databases[this.layout[index] ?? 0] as SimulatedDatabase;
      return {
        name: this.#spread ? `m${index + 1}` : 'm1',
        clock,
        get database() {
          return database();
        },
      };
    });
  }

  static async open(options: SimulationOptions): Promise<Simulation> {
    const simulation = new Simulation(options);
    const { beginning, others = beginning.registry } = options;
    simulation.scheduler.now = beginning.now;
    if (beginning.host) simulation.host.restore(beginning.host);
    const databases = Math.max(...simulation.layout) + 1;
    const several = databases > 1;
    simulation.count(`databases: ${databases}`);
    // Only who shares a database shares its leases.
    const believed = simulation.#spread && !several ? lease : null;
    simulation.#oracle = new Oracle({
      scheduler: simulation.scheduler,
      host: simulation.host,
      lives: (owner) => simulation.life(owner) === 'alive' && believed === null,
      count: (what) => simulation.count(what),
    });
    for (let index = 0; index < databases; index += 1)
      await simulation.#open(several ? `database ${index + 1}` : '', index === 0 ? beginning.registry : others, believed);
    return simulation;
  }

  async #open(name: string, snapshot: Uint8Array, believed: number | null): Promise<void> {
    this.databases.push(await this.#made(name, snapshot, believed));
  }

  async #made(name: string, snapshot: Uint8Array, believed: number | null): Promise<SimulatedDatabase> {
    const machine = new MachineClock(this.scheduler, 1, 0);
    const clock = { now: () => machine.wall(), monotonic: () => machine.monotonic(), wait: async () => {}, machine };
    const failpoints = { hit: (point: string) => this.scheduler.current?.hit(point) };
    const database = await openDatabase(name, snapshot, clock, failpoints, believed);
    this.#oracle.watch(database);
    return database;
  }

  /** The disk of a machine. */
  diskOf({ name }: Machine): SimulatedDisk<SimulatedDatabase> {
    const found = this.#disks.get(name);
    if (found) return found;
    const disk = new SimulatedDisk<SimulatedDatabase>(async (file) => {
      const journal = await this.#made(file, await emptySnapshot(), null);
      this.#journals.push(journal);
      return journal;
    });
    this.#disks.set(name, disk);
    return disk;
  }

  get operations(): number {
    return this.#oracle.operations;
  }

  /** What somebody at a screen of this machine knows of a service. */
  seenOf({ database }: Machine, service: string): { readonly lane: string | null; readonly held: boolean } {
    return this.#oracle.seenOf(database, service);
  }

  /** The machines at which each database is asked, the first of them. */
  get seats(): readonly Machine[] {
    return this.databases.map((database) => this.machines.find((machine) => machine.database === database) as Machine);
  }

  /** Some operations are known to a database, or to a journal without the registry, that others do not share. */
  get several(): boolean {
    return this.databases.length + this.#journals.length > 1;
  }

  close(): void {
    for (const { connection } of [...this.databases, ...this.#journals]) connection.close();
  }

  get running(): readonly SimulatedProcess[] {
    return [...this.processes.values()].filter((process) => process.alive);
  }

  life(owner: string): 'alive' | 'gone' {
    return this.processes.get(owner)?.alive ? 'alive' : 'gone';
  }

  count(what: string): void {
    this.sometimes[what] = (this.sometimes[what] ?? 0) + 1;
  }

  /** Lets events happen until then, or until a promise is broken. */
  async run(until: number, enough: () => boolean = () => false): Promise<void> {
    while (this.broken === null && !enough() && (await this.scheduler.next(until))) this.#look();
    if (this.broken === null && !enough()) this.scheduler.now = Math.max(this.scheduler.now, until);
  }

  /** Starts the program with a command. What came of it is told once, unless the process dies. */
  start(
    machine: Machine,
    actor: string,
    command: Command,
    service: Service = served,
    ended: (outcome: Outcome | null, error: unknown) => void = () => {},
  ): SimulatedProcess {
    this.#pids += 1;
    const { scheduler, faults } = this;
    const chance = new Chance(`process ${this.#pids}`, this.#options.seed);
    const name = `${machine.name}/boot/${this.#pids}/${Math.floor(scheduler.now)}`;
    const process = new SimulatedProcess(name, command.words, machine, { scheduler, faults, chance });
    this.processes.set(name, process);
    scheduler.after(0, `${actor} starts ${name}: ${service.name} ${command.words}`, process, () => {
      this.#execute(process, actor, command, service).then(
        (outcome) => this.#exit(process, outcome?.kind ?? 'nothing', () => ended(outcome, null)),
        (error: unknown) => this.#exit(process, codeOf(error), () => ended(null, this.#judged(process, error))),
      );
    });
    return process;
  }

  async #execute(process: SimulatedProcess, actor: string, command: Command, service: Service): Promise<Outcome | null> {
    const { chance } = process.around;
    const disk = this.diskOf(process.machine).asSeenBy(
      (call) => process.hit(call),
      (database) => storeOf(process, database, this.scheduler),
    );
    const engineFor = (
      of: Service,
      without: Pick<EngineSurroundings, 'glass' | 'store'> = { glass: journalsToTakeIn(disk) },
    ): Engine =>
      engineOf(process, of, {
        ...without,
        host: this.host,
        scheduler: this.scheduler,
        supervised: this.supervised,
        fenced: this.#fenced,
        life: (owner) => (owner.startsWith(`${process.machine.name}/`) ? this.life(owner) : 'elsewhere'),
      });
    const engine = engineFor(service);
    const engines = (name: string): Engine | null => {
      const of = this.services.find((each) => each.name === name);
      return of === undefined ? null : of === service ? engine : engineFor(of);
    };
    const request = {
      actor,
      reason: 'simulated',
      command: command.words,
      overrides: command.overrides ?? [],
      expected: null,
      signal: process.interrupt.signal,
      consent: async () => {
        await process.pause('consent', chance.between(0, 500));
        return true;
      },
    };
    const breaks = command.breaksGlass;
    const run = async (on: Engine): Promise<Outcome | null> => {
      const outcome = (await command.run(on, request, engines)) as Outcome | null;
      if (on.glass?.stamp) this.count(`${command.words.split(' ')[0]} without the registry`);
      return outcome;
    };
    const outcome = await run(engine).catch((error: unknown) => {
      if (!breaks) throw error;
      const engineOn = (store: Store, glass: Glass): Engine => engineFor(service, { store, glass });
      return fromRecord({ process, disk, usual: engine, error, actor, fits: breaks, engineOn }, run);
    });
    // As the command line does where no supervisor looks after what is due.
    if (!this.supervised && command !== dueCommand)
      await tasksCommand.run(engine, request, engines).catch((error: unknown) => {
        if (!(error instanceof ProblemError)) throw error;
      });
    return outcome;
  }

  #exit(process: SimulatedProcess, how: string, tell: () => void): void {
    if (!process.alive) return;
    process.alive = false;
    this.scheduler.note(`${process.name} ends: ${how}`);
    tell();
  }

  /** An error that a command may end with; anything else is a defect. */
  #judged(process: SimulatedProcess, error: unknown): unknown {
    if (error instanceof Crashed) return error;
    if (error instanceof ProblemError) {
      const { code } = error.problem;
      this.count(`ended with ${code}`);
      // What is due may be of many operations, and says of each by itself what came of it.
      const single = process.command !== dueCommand.words && process.command !== tasksCommand.words;
      if (error.problem.touched === 'no' && single && this.#oracle.movedBy(process.name))
        this.#breaks(`${process.command} ended with ${code}, touched: no, and it moved traffic`);
      const damaged = code === 'registry.damaged' && error.problem.why !== 'simulated';
      if (code === 'bug' || code === 'usage' || damaged) this.#breaks(`${process.command} met ${code}: ${error.problem.why}`);
      return error;
    }
    if (process.interrupt.signal.aborted) return error;
    this.#breaks(`${process.command} threw ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
    return error;
  }

  #breaks(what: string): void {
    this.broken ??= what;
  }

  #look(): void {
    const { current, events } = this.scheduler;
    if (current?.spinning) this.#breaks(`${current.command} (${current.name}) turns in circles at ${current.step}`);
    if (events > mostEvents) this.#breaks(`more than ${mostEvents} events: something is begun again for ever`);
    this.#oracle.look();
    if (this.#oracle.broken !== null) this.#breaks(this.#oracle.broken);
  }

  get services(): readonly Service[] {
    return [served, registryOnly];
  }
}

function codeOf(error: unknown): string {
  return error instanceof ProblemError ? error.problem.code : 'an error';
}
