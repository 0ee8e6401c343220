import type { Clock } from '../../src/ports/clock.ts';
import type { Scheduler } from './scheduler.ts';
import type { SimulatedProcess } from './simulated-process.ts';

/** Wall time at the beginning of every simulation. */
export const epoch = Date.parse('2026-03-01T12:00:00Z');

/** A clock of a machine: it may run fast or slow, and be set. */
export class MachineClock {
  readonly rate: number;
  offset: number;
  readonly #scheduler: Scheduler;

  constructor(scheduler: Scheduler, rate: number, offset: number) {
    this.#scheduler = scheduler;
    this.rate = rate;
    this.offset = offset;
  }

  wall(): number {
    return epoch + Math.floor(this.#scheduler.now * this.rate + this.offset);
  }

  monotonic(): number {
    return this.#scheduler.now * this.rate;
  }
}

/** The clock as one process sees it. A wait of a process that is gone never ends. */
export function clockOf(process: SimulatedProcess, machine: MachineClock, scheduler: Scheduler): Clock {
  return {
    now: () => machine.wall(),
    monotonic: () => machine.monotonic(),
    wait: (milliseconds, signal) =>
      new Promise((resolve) => {
        if (!process.alive) return;
        const awake = (): void => {
          if (process.alive) resolve();
        };
        if (signal?.aborted) return awake();
        scheduler.after(milliseconds / machine.rate, `${process.name} waited`, process, awake);
        signal?.addEventListener('abort', awake, { once: true });
      }),
  };
}
