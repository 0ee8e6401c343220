import type { HostedVersion, WantedVersion } from '../model/hosting.ts';
import { Copy, type CopySurroundings, type SavedCopy } from './copy.ts';

/** Ends without ever having been ready that are believed to be a crash loop, and ends within a minute of a version that was. */
const neverReadyEnds = 3;
const endsInAMinute = 6;
const longestPause = 10_000;

export interface RunnerSurroundings extends Omit<CopySurroundings, 'wanted' | 'changed'> {
  readonly changed: (copy: Copy | null, event: Parameters<CopySurroundings['changed']>[1] | 'gave-up', detail?: string) => void;
  readonly nextCopy: () => number;
  /** Whether the version has a share of the traffic: then it is never given up. */
  readonly hasShare: () => boolean;
}

/** Keeps the wanted number of copies of one version running, or says why it cannot. */
export class VersionRunner {
  wanted: WantedVersion;
  failed: string | null = null;
  readonly #around: RunnerSurroundings;
  readonly #copies = new Map<number, Copy>();
  #ends: number[] = [];
  #everReady = false;
  #stopping = false;
  #turn = 0;
  #readyTimers = new Map<number, NodeJS.Timeout>();

  constructor(wanted: WantedVersion, around: RunnerSurroundings) {
    this.wanted = wanted;
    this.#around = around;
  }

  get copies(): readonly Copy[] {
    return [...this.#copies.values()];
  }

  get ready(): boolean {
    return this.copies.some((copy) => copy.state === 'ready');
  }

  /** Brings the copies to the wanted number; a version that was given up is tried anew. */
  want(wanted: WantedVersion): void {
    this.wanted = wanted;
    this.#stopping = false;
    if (this.failed !== null) {
      this.failed = null;
      this.#ends = [];
    }
    this.#fill();
  }

  adopt(saved: readonly SavedCopy[]): void {
    for (const each of saved) {
      const copy = this.#make(each.slot, 0, each.id);
      if (copy.adopt(each)) this.#copies.set(each.slot, copy);
    }
    this.#everReady = this.copies.some((copy) => copy.served);
  }

  /** The ready copy with the fewest requests in flight, in turn among equals. With none ready, one that was: better than no answer. */
  choose(without: Copy | null = null): Copy | null {
    const all = this.copies.filter((copy) => copy.state === 'ready');
    const able = all.length > 0 ? all : this.copies.filter((copy) => copy.state === 'unready');
    const others = able.length > 1 && without ? able.filter((copy) => copy !== without) : able;
    this.#turn += 1;
    let best: Copy | null = null;
    for (let index = 0; index < others.length; index += 1) {
      const copy = others[(index + this.#turn) % others.length];
      if (copy && (best === null || copy.inFlight < best.inFlight)) best = copy;
    }
    return best;
  }

  async stop(): Promise<void> {
    this.#stopping = true;
    for (const timer of this.#readyTimers.values()) clearTimeout(timer);
    await Promise.all(this.copies.map((copy) => copy.stop()));
  }

  hosted(): HostedVersion {
    const { wanted, failed } = this;
    return { version: wanted.version, bundleDigest: wanted.bundleDigest, wanted: wanted.copies, copies: this.copies.map((copy) => copy.hosted()), failed };
  }

  #fill(): void {
    for (let slot = 0; slot < this.wanted.copies; slot += 1) {
      if (!this.#copies.has(slot)) this.#begin(slot, 0);
    }
    for (const [slot, copy] of this.#copies) if (slot >= this.wanted.copies) void copy.stop();
  }

  #begin(slot: number, restarts: number): void {
    const copy = this.#make(slot, restarts, `${this.wanted.version}.${this.#around.nextCopy()}`);
    this.#copies.set(slot, copy);
    const { readyWithin } = this.#around.policy();
    this.#readyTimers.set(slot, setTimeout(() => this.#tooLate(copy, readyWithin), readyWithin));
    copy.start().catch((error: Error) => this.#giveUp(`cannot be started: ${error.message}`));
  }

  #make(slot: number, restarts: number, id: string): Copy {
    const around: CopySurroundings = { ...this.#around, wanted: this.wanted, changed: (copy, event, detail) => this.#changed(copy, event, detail) };
    return new Copy(id, slot, restarts, around);
  }

  #changed(copy: Copy, event: Parameters<CopySurroundings['changed']>[1], detail?: string): void {
    if (event === 'ready') {
      clearTimeout(this.#readyTimers.get(copy.slot));
      this.#everReady = true;
      this.failed = null;
    }
    if (event === 'exited') this.#after(copy, detail ?? '');
    this.#around.changed(copy, event, detail);
  }

  #after(copy: Copy, how: string): void {
    clearTimeout(this.#readyTimers.get(copy.slot));
    if (this.#copies.get(copy.slot) === copy) this.#copies.delete(copy.slot);
    if (this.#stopping || copy.slot >= this.wanted.copies || how.startsWith('as it was told')) return;
    const now = Date.now();
    this.#ends = [...this.#ends.filter((end) => now - end < 60_000), now];
    const looping = this.#everReady ? this.#ends.length >= endsInAMinute : this.#ends.length >= neverReadyEnds;
    if (looping) {
      this.#giveUp(`it ends again and again, last ${how}`);
      if (!this.#around.hasShare()) return;
    }
    const pause = Math.min(100 * 2 ** (this.#ends.length - 1), longestPause);
    setTimeout(() => {
      if (!this.#stopping && !this.#copies.has(copy.slot) && copy.slot < this.wanted.copies) this.#begin(copy.slot, copy.restarts + 1);
    }, pause);
  }

  #tooLate(copy: Copy, within: number): void {
    if (copy.state !== 'starting' && copy.state !== 'warming') return;
    this.#giveUp(`it was not ready within ${within} ms`);
    if (!this.#around.hasShare()) this.#stopping = true;
    copy.kill();
  }

  #giveUp(why: string): void {
    this.failed = why;
    this.#around.changed(null, 'gave-up', why);
  }
}
