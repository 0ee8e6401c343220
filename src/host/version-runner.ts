import type { HostedVersion, ServingPolicy, WantedVersion } from '../model/hosting.ts';
import { Copy } from './copy.ts';
import type { CopyEnd, CopyEvent, CopySurroundings } from './copy-surroundings.ts';
import type { SavedCopy } from './saved-copy.ts';
import { afterEnd } from './crash-loop.ts';
import { endStray } from './stray.ts';

const memory = 60_000;
/** A port may be taken by chance. Again and again, it is a program that does not listen where it is told to. */
const takenByChance = 3;

export interface RunnerSurroundings {
  readonly directory: string;
  readonly service: string;
  readonly policy: () => ServingPolicy;
  readonly remember: () => Promise<void>;
  /** Told of everything that happens to a copy, and, with null, when the version is given up or believed in again. */
  readonly changed: (copy: Copy | null, event: CopyEvent | 'gave-up' | 'steady', detail?: string) => void;
  /** A copy ended that nobody had told to, for no fault of another program. */
  readonly ended: () => void;
  readonly nextCopy: () => number;
  /** Whether the version has a share of the traffic: then it is never given up. */
  readonly hasShare: () => boolean;
}

/** Keeps the wanted number of copies of one version running, or says why it cannot. */
export class VersionRunner {
  #wanted: WantedVersion;
  #failed: string | null = null;
  readonly #around: RunnerSurroundings;
  /** The copies that are to run, by slot. */
  readonly #slots = new Map<number, Copy>();
  readonly #leaving = new Set<Copy>();
  /** Those in a slot and those that leave; made anew when they change, for it is read with every request. */
  #copies: readonly Copy[] = [];
  readonly #timers = new Set<NodeJS.Timeout>();
  #ends: number[] = [];
  #portsTaken = 0;
  #everReady = false;
  #stopping = false;

  constructor(wanted: WantedVersion, around: RunnerSurroundings) {
    this.#wanted = wanted;
    this.#around = around;
  }

  get version(): string {
    return this.#wanted.version;
  }

  get copies(): readonly Copy[] {
    return this.#copies;
  }

  /** Copies that are to run and do, ready or not. */
  get running(): number {
    return this.#slots.size;
  }

  get ready(): boolean {
    return this.copies.some((copy) => copy.state === 'ready');
  }

  get failed(): string | null {
    return this.#failed;
  }

  /** Brings the copies to the wanted number; a version that was given up is tried anew. A copy that runs stays as it was started. */
  want(wanted: WantedVersion): void {
    this.#wanted = wanted;
    this.#stopping = false;
    if (this.#failed !== null) {
      this.#failed = null;
      this.#ends = [];
      this.#everReady = this.ready;
    }
    this.#fill();
  }

  /** Takes back what still runs of the copies of an earlier host. */
  adopt(saved: readonly SavedCopy[]): void {
    for (const each of saved) {
      if (each.process === null) endStray(each);
      const copy = this.#make(each.id, each.slot, each.restarts);
      if (copy.adopt(each) && copy.state !== 'stopping') this.#slots.set(each.slot, copy);
      this.#recount();
    }
    this.#everReady = saved.some(({ everReady }) => everReady);
  }

  /** Every copy asked to leave; resolves when all have ended. */
  async stop(): Promise<void> {
    this.#stopping = true;
    for (const timer of this.#timers) clearTimeout(timer);
    this.#timers.clear();
    await Promise.all(this.copies.map((copy) => copy.stop()));
  }

  hosted(): HostedVersion {
    const { version, bundleDigest, copies } = this.#wanted;
    return {
      version,
      bundleDigest,
      wanted: this.#stopping && this.#failed === null ? 0 : copies,
      copies: this.copies.map((copy) => copy.hosted()),
      failed: this.#failed,
    };
  }

  #fill(): void {
    for (let slot = 0; slot < this.#wanted.copies; slot += 1) if (!this.#slots.has(slot)) this.#begin(slot, 0);
    for (const [slot, copy] of this.#slots) if (slot >= this.#wanted.copies) void copy.stop();
  }

  #begin(slot: number, restarts: number): void {
    const copy = this.#make(`${this.#wanted.version}.${this.#around.nextCopy()}`, slot, restarts);
    this.#slots.set(slot, copy);
    this.#recount();
    void copy.start();
  }

  #recount(): void {
    this.#copies = [...this.#slots.values(), ...this.#leaving];
  }

  #make(id: string, slot: number, restarts: number): Copy {
    const { directory, service, policy, remember } = this.#around;
    const around: CopySurroundings = {
      directory,
      service,
      policy,
      remember,
      wanted: this.#wanted,
      changed: (copy, event, end) => this.#changed(copy, event, end),
    };
    return new Copy(id, slot, restarts, around);
  }

  #changed(copy: Copy, event: CopyEvent, end: CopyEnd | null): void {
    if (event === 'ready') this.#isReady(copy);
    if (event === 'told-to-stop') {
      if (this.#slots.get(copy.slot) === copy) this.#slots.delete(copy.slot);
      this.#leaving.add(copy);
    }
    if (event === 'exited') {
      this.#leaving.delete(copy);
      if (this.#slots.get(copy.slot) === copy) this.#slots.delete(copy.slot);
    }
    if (event === 'exited' && end && !end.portTaken) this.#around.ended();
    this.#recount();
    this.#around.changed(copy, event, event === 'exited' ? (end?.how ?? 'as it was told to') : undefined);
    if (event === 'exited' && end && !this.#stopping && copy.slot < this.#wanted.copies) this.#replace(copy, end);
  }

  #isReady(copy: Copy): void {
    this.#everReady = true;
    this.#portsTaken = 0;
    if (this.#failed === null) return;
    // Believed again only when it has stayed up: a version that ends again and again is ready in between.
    this.#later(memory, () => {
      if (copy.state !== 'ready' || this.#failed === null) return;
      this.#failed = null;
      this.#around.changed(null, 'steady');
    });
  }

  #replace(copy: Copy, end: CopyEnd): void {
    const hasShare = this.#around.hasShare();
    if (end.late && !this.#everReady && !hasShare) {
      this.#giveUp(`it was not ready within ${this.#around.policy().readyWithin} ms, and ended ${end.how}`, true);
      return;
    }
    const now = performance.now();
    if (end.portTaken) this.#portsTaken += 1;
    const portTaken = end.portTaken && this.#portsTaken <= takenByChance;
    if (!portTaken) this.#ends = [...this.#ends.filter((at) => now - at < memory), now];
    const next = afterEnd({ count: this.#ends.length, everReady: this.#everReady, hasShare, portTaken, how: end.how });
    if (next.failed !== null) this.#giveUp(next.failed, next.restartIn === null);
    if (next.restartIn === null) return;
    this.#later(next.restartIn, () => {
      if (!this.#slots.has(copy.slot) && copy.slot < this.#wanted.copies) this.#begin(copy.slot, copy.restarts + 1);
    });
  }

  #giveUp(why: string, forGood: boolean): void {
    this.#failed = why;
    if (forGood) void this.stop();
    this.#around.changed(null, 'gave-up', why);
  }

  #later(milliseconds: number, work: () => void): void {
    const timer = setTimeout(() => {
      this.#timers.delete(timer);
      if (!this.#stopping) work();
    }, milliseconds);
    this.#timers.add(timer);
  }
}
