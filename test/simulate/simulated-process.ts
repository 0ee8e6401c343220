import { type Problem, ProblemError } from '../../src/model/errors.ts';
import type { Chance } from './chance.ts';
import type { FaultKind, Faults } from './faults.ts';
import type { MachineClock } from './simulated-clock.ts';
import type { SimulatedDatabase } from './simulated-database.ts';
import type { Scheduler } from './scheduler.ts';

/** Ends the program where a process died. Whatever it still tries meets a promise that never resolves. */
export class Crashed extends Error {}

/** Processes of one machine see whether another one lives. */
export interface Machine {
  readonly name: string;
  readonly clock: MachineClock;
  readonly database: SimulatedDatabase;
}

export interface ProcessSurroundings {
  readonly scheduler: Scheduler;
  readonly faults: Pick<Faults, 'strikes'>;
  readonly chance: Chance;
}

const never = new Promise<never>(() => {});

/** One run of the program. All it does to the world goes through here, so it can be slowed, refused, lied to, and killed anywhere. */
export class SimulatedProcess {
  readonly name: string;
  readonly command: string;
  readonly machine: Machine;
  readonly interrupt = new AbortController();
  alive = true;
  step = 'planning';
  /** The step of which an effect was applied and whose end is not committed. */
  applied: string | null = null;
  /** It died between such an effect and that commit. */
  diedApplied = false;
  spinning = false;
  /** A transaction of it is under way. */
  inUnit = false;
  /** Told when the process dies. */
  died: () => void = () => {};
  readonly around: ProcessSurroundings;

  constructor(name: string, command: string, machine: Machine, around: ProcessSurroundings) {
    this.name = name;
    this.command = command;
    this.machine = machine;
    this.around = around;
  }

  /** A failpoint was reached. */
  hit(point: string): void {
    if (!this.alive) throw new Crashed(this.name);
    this.around.scheduler.note(`${this.name} at ${point}`);
    if (this.strikes('crash', point, 0.02)) this.crash(point);
    if (!this.alive) throw new Crashed(this.name);
  }

  crash(where: string): void {
    this.alive = false;
    this.diedApplied = this.applied !== null;
    this.around.scheduler.note(`${this.name} dies at ${where}`);
    this.died();
  }

  /** It does one thing after the other and never waits: it is stopped, and that is a defect. */
  spins(): void {
    if (!this.alive) return;
    this.spinning = true;
    this.crash('a circle');
  }

  strikes(kind: FaultKind, site: string, probability: number): boolean {
    return this.alive && this.around.faults.strikes(kind, site, probability, this.step);
  }

  /** A moment goes by in which others may act, and this process may die. */
  pause(what: string, delay: number): Promise<void> {
    if (!this.alive) return never;
    return new Promise((resolve) => {
      this.around.scheduler.after(delay, `${this.name} goes on with ${what}`, this, () => {
        if (!this.alive) return;
        if (this.strikes('crash', what, 0.01)) return this.crash(what);
        resolve();
      });
    });
  }

  /** A question to the world; it may be asked in vain. */
  read<Result>(what: string, look: () => Result, signal: AbortSignal | undefined, delay?: number): Promise<Result> {
    return this.#call(what, signal, (answer) => {
      const { chance } = this.around;
      const soon = delay ?? chance.between(1, 8);
      if (this.strikes('refused', what, 0.15)) return answer(soon, () => lost('target.unreachable', what));
      if (this.strikes('hang', what, 0.05)) return answer(chance.between(20_000, 90_000), () => lost('target.unreachable', what));
      answer(this.strikes('slow', what, 0.1) ? chance.between(1_000, 12_000) : soon, look);
    });
  }

  /** A change of the world; its answer may get lost, and it may land when nobody waits for it any more. */
  write<Result>(what: string, apply: () => Result, signal: AbortSignal | undefined): Promise<Result> {
    return this.#call(what, signal, (answer) => {
      const { chance, scheduler } = this.around;
      const there = this.strikes('slow', what, 0.1) ? chance.between(1_000, 12_000) : chance.between(1, 8);
      const back = chance.between(1, 8);
      if (this.strikes('refused', what, 0.15)) return answer(there, () => lost('target.unreachable', what));
      const late = this.strikes('late', what, 0.15);
      const hangs = !late && this.strikes('hang', what, 0.05);
      const silent = late || hangs || this.strikes('answer-lost', what, 0.15);
      if (late) answer(there + back, () => lost('outcome.unknown', what));
      if (hangs) answer(chance.between(20_000, 90_000), () => lost('outcome.unknown', what));
      // It is on its way: whether its sender still lives does not matter to it.
      scheduler.after(late ? chance.between(3_000, 40_000) : there, `${what} of ${this.name} lands`, null, () => {
        const landed = outcomeOf(apply);
        if (landed.error === null) this.applied = this.step;
        if (late || hangs) return;
        answer(back, () => {
          if (silent) lost('outcome.unknown', what);
          if (landed.error !== null) throw landed.error;
          return landed.value as Result;
        });
      });
    });
  }

  unreachable(what: string): never {
    return lost('target.unreachable', what);
  }

  #call<Result>(
    what: string,
    signal: AbortSignal | undefined,
    begin: (answer: (delay: number, give: () => Result) => void) => void,
  ): Promise<Result> {
    if (!this.alive) return never;
    return new Promise<Result>((resolve, reject) => {
      if (signal?.aborted) return reject(signal.reason);
      let settled = false;
      const aborted = (): void => {
        if (!this.alive || settled) return;
        settled = true;
        reject(signal?.reason);
      };
      signal?.addEventListener('abort', aborted, { once: true });
      begin((delay, give) => {
        this.around.scheduler.after(delay, `${this.name} has its answer to ${what}`, this, () => {
          if (!this.alive || settled) return;
          if (this.strikes('crash', what, 0.01)) return this.crash(what);
          settled = true;
          signal?.removeEventListener('abort', aborted);
          const given = outcomeOf(give);
          if (given.error === null) resolve(given.value as Result);
          else reject(given.error);
        });
      });
    });
  }
}

function outcomeOf<Result>(work: () => Result): { readonly value?: Result; readonly error: unknown } {
  try {
    return { value: work(), error: null };
  } catch (error) {
    return { error };
  }
}

function lost(code: 'target.unreachable' | 'outcome.unknown', what: string): never {
  const problem: Problem = {
    code,
    what: `no answer to ${what}`,
    why: 'simulated',
    touched: code === 'outcome.unknown' ? 'unknown' : 'no',
    next: 'sofare status',
  };
  throw new ProblemError(problem);
}
