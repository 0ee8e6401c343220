import { Chance, hashOf } from './chance.ts';
import type { SimulatedProcess } from './simulated-process.ts';

interface Event {
  readonly at: number;
  readonly tie: number;
  readonly label: string;
  readonly actor: SimulatedProcess | null;
  readonly run: () => void;
}

const remembered = 400;

/**
 * Virtual time. Events happen one after the other, those of one instant in an order that the seed decides, and after each the
 * program runs until nothing is left to do but wait for the next. Everything that happens goes into one hash.
 */
export class Scheduler {
  now = 0;
  /** Whose event is under way. */
  current: SimulatedProcess | null = null;
  events = 0;
  hash = 0;
  readonly #ties: Chance;
  readonly #heap: Event[] = [];
  readonly #recent: string[] = [];
  readonly #keepAll: boolean;

  constructor(seed: number, keepAll = false) {
    this.#ties = new Chance('ties', seed);
    this.#keepAll = keepAll;
  }

  get waiting(): number {
    return this.#heap.length;
  }

  /** The last things that happened, oldest first. */
  get recent(): readonly string[] {
    return this.#recent;
  }

  /** Things done within this event. A program that never waits would keep the next from ever happening. */
  busy = 0;

  note(what: string): void {
    this.busy += 1;
    const line = `${this.now.toFixed(1)} ${what}`;
    this.hash = hashOf(line, this.hash >>> 0);
    this.#recent.push(line);
    if (!this.#keepAll && this.#recent.length > 2 * remembered) this.#recent.splice(0, remembered);
  }

  after(delay: number, label: string, actor: SimulatedProcess | null, run: () => void): void {
    this.#push({ at: this.now + Math.max(0, delay), tie: this.#ties.next(), label, actor, run });
  }

  /** Lets the next event happen and everything that follows from it at once. False: there is none until then. */
  async next(until = Number.POSITIVE_INFINITY): Promise<boolean> {
    const first = this.#heap[0];
    if (first === undefined || first.at > until) return false;
    this.#pop();
    this.now = Math.max(this.now, first.at);
    this.current = first.actor;
    this.events += 1;
    this.busy = 0;
    this.note(first.label);
    first.run();
    await quiescence();
    return true;
  }

  #push(event: Event): void {
    const heap = this.#heap;
    let index = heap.push(event) - 1;
    while (index > 0) {
      const parent = (index - 1) >> 1;
      if (!before(event, heap[parent] as Event)) break;
      heap[index] = heap[parent] as Event;
      index = parent;
    }
    heap[index] = event;
  }

  #pop(): void {
    const heap = this.#heap;
    const last = heap.pop() as Event;
    if (heap.length === 0) return;
    let index = 0;
    for (;;) {
      let child = 2 * index + 1;
      if (child >= heap.length) break;
      if (child + 1 < heap.length && before(heap[child + 1] as Event, heap[child] as Event)) child += 1;
      if (!before(heap[child] as Event, last)) break;
      heap[index] = heap[child] as Event;
      index = child;
    }
    heap[index] = last;
  }
}

function before(one: Event, other: Event): boolean {
  return one.at < other.at || (one.at === other.at && one.tie < other.tie);
}

/** Every promise that can go on has gone on: microtasks come before the next turn of the loop. */
function quiescence(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
}
