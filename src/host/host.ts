import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { diskFailed } from '../model/disk-problem.ts';
import { fail, ProblemError } from '../model/errors.ts';
import { type CountersReading, type HostHello, hostProtocol } from '../model/hosting.ts';
import type { RecordObservation } from '../model/service-record.ts';
import { Alive } from './alive.ts';
import { Counters } from './counters.ts';
import { DurableFile, readJson, type Unsynced, writeWhole } from './durable-file.ts';
import { EventLog } from './event-log.ts';
import { rotate } from './output.ts';
import { nothingCounted, readCounts, type SavedCount } from './saved-counts.ts';
import { nothingSaved, type SavedService } from './saved-service.ts';
import { ServiceRunner } from './service-runner.ts';
import { tell } from './tell.ts';

interface SavedHost {
  readonly epoch: number;
  readonly services: Readonly<Record<string, SavedService>>;
}

export interface HostSettings {
  readonly directory: string;
  readonly supervised: boolean;
  /** The database in which what it resumes is kept; null: a file. */
  readonly rows: string | null;
  /** Bytes after which a copy's output is put aside. */
  readonly outputLimit: number;
  /** When the host before this one was seen to die, or null. */
  readonly diedAt: number | null;
  /** Ends this process: it cannot know any more what is on the disk, and the next one reads it. */
  readonly lost: (why: Unsynced) => void;
}

const afterTheAnswer = 50;
const countsEvery = 1_000;
const outputsEvery = 5_000;
const reserveEvery = 30_000;

/** Everything that one state directory serves. */
export class Host {
  readonly startedAt = Date.now();
  readonly epoch: number;
  readonly #settings: HostSettings;
  readonly #events: EventLog;
  readonly #services = new Map<string, ServiceRunner>();
  readonly #counts: Readonly<Record<string, SavedCount>>;
  readonly #state: DurableFile;
  readonly #alive: Alive;
  #timers: readonly NodeJS.Timeout[] = [];
  #stopping = false;
  #started = false;
  /** Why nothing can be changed, for a host whose very first save was lost: it still serves what it remembers. */
  #frozen: Unsynced | null = null;

  /** Fails when what is remembered cannot be read: an empty host would let go of what serves. */
  constructor(settings: HostSettings) {
    mkdirSync(settings.directory, { recursive: true, mode: 0o700 });
    this.#settings = settings;
    this.#alive = new Alive(this.#path('alive'), settings.diedAt);
    this.#events = new EventLog(this.#path('events.ndjson'));
    const saved = readJson<SavedHost>(this.#path('state.json')) ?? { epoch: 0, services: {} };
    this.#counts = readCounts(this.#path('counters.json'));
    this.epoch = saved.epoch + 1;
    this.#state = new DurableFile(
      this.#path('state.json'),
      () => JSON.stringify(this.#saved()),
      (why) => this.#lost(why),
    );
    for (const [name, service] of Object.entries(saved.services))
      this.#services.set(name, this.#make(name, { ...nothingSaved, ...service }));
  }

  get services(): readonly ServiceRunner[] {
    return [...this.#services.values()];
  }

  async start(): Promise<void> {
    // The new epoch first: a host that dies before this counted nothing. What was wanted is served even when it cannot be written.
    await this.#state.save().catch((error: unknown) => tell(`the new epoch is not saved: ${String(error)}`));
    void this.#prepareReserve();
    this.#started = true;
    for (const service of this.services) service.restore(this.#alive.diedAt);
    this.#timers = [
      setInterval(() => void this.#prepareReserve(), reserveEvery),
      setInterval(() => this.#saveCounts(), countsEvery),
      setInterval(() => this.#beat(), countsEvery),
      setInterval(() => void this.#rotateOutputs(), outputsEvery),
    ];
  }

  service(name: string): ServiceRunner {
    return (
      this.#services.get(name) ??
      fail({
        code: 'service.unknown',
        what: `the host serves no ${name}`,
        why: 'nothing of it was ever wanted here',
        touched: 'no',
        next: `sofare deploy ${name}@VERSION`,
      })
    );
  }

  /** A service comes to be with the first thing that is written of it. */
  ensure(name: string): ServiceRunner {
    let service = this.#services.get(name);
    if (!service) {
      if (!/^[0-9A-Za-z][0-9A-Za-z._-]{0,199}$/.test(name))
        fail({
          code: 'usage',
          what: `${JSON.stringify(name)} cannot name a service`,
          why: 'it names a folder too',
          touched: 'no',
          next: 'use letters, digits, ".", "_" and "-"',
        });
      service = this.#make(name, nothingSaved);
      this.#services.set(name, service);
    }
    return service;
  }

  /** What a write has to ask first: a host that goes down starts nothing any more. */
  requireUp(): void {
    if (this.#stopping)
      throw new ProblemError({
        code: 'target.unreachable',
        what: 'the local host is going down',
        why: 'it was told to stop',
        touched: 'no',
        next: 'sofare up',
      });
    if (this.#frozen) {
      // The next process may find the disk mended. Until a change is wanted, this one goes on serving.
      setTimeout(this.#settings.lost, afterTheAnswer, this.#frozen);
      fail(diskFailed(this.#path('state.json'), this.#frozen.message));
    }
  }

  hello(): HostHello {
    return {
      protocol: hostProtocol,
      pid: process.pid,
      epoch: this.epoch,
      startedAt: this.startedAt,
      supervised: this.#settings.supervised,
      rows: this.#settings.rows,
      services: [...this.#services.keys()],
    };
  }

  /** Before anything was written, there is an empty one. */
  record(name: string): RecordObservation {
    return (this.#services.get(name) ?? nothingSaved).record;
  }

  counters(name: string): CountersReading {
    const { arms, counters, labels } = this.service(name);
    return { at: Date.now(), epoch: this.epoch, arms, labels: labels.receipt(), refused: counters.refused };
  }

  /** What is wanted stays wanted: the next host starts it again. */
  async stop(): Promise<void> {
    this.#stopping = true;
    await Promise.all(this.services.map((service) => service.stop()));
    for (const timer of this.#timers) clearInterval(timer);
    this.#saveCounts();
    this.#alive.end();
    await this.#state.save().catch((error: unknown) => tell(`the state could not be saved: ${String(error)}`));
  }

  #beat(): void {
    if (this.services.every((service) => service.served)) this.#alive.beat(Date.now());
  }

  #lost(why: Unsynced): void {
    if (this.#started) this.#settings.lost(why);
    else this.#frozen = why;
  }

  #path(name: string): string {
    return join(this.#settings.directory, name);
  }

  #saved(): SavedHost {
    return { epoch: this.epoch, services: Object.fromEntries(this.services.map((service) => [service.name, service.saved()])) };
  }

  #make(name: string, saved: SavedService): ServiceRunner {
    const counts = this.#counts[name] ?? nothingCounted;
    return new ServiceRunner(name, saved, {
      directory: this.#settings.directory,
      events: this.#events,
      counters: new Counters(counts),
      labels: counts.labels,
      save: () => this.#state.save(),
    });
  }

  /** What serves does without a reserve; a rollback on a full disk cannot. */
  async #prepareReserve(): Promise<void> {
    await this.#state.prepare().catch((error: unknown) => tell(`space for the state could not be kept back: ${String(error)}`));
  }

  #saveCounts(): void {
    if (!this.services.some(({ counters }) => counters.changed)) return;
    const counts: Record<string, SavedCount> = {};
    for (const { name, counters, labels } of this.services) {
      counters.changed = false;
      counts[name] = { arms: counters.reading(), refused: counters.refused, labels: labels.receipt() };
    }
    try {
      writeWhole(this.#path('counters.json'), JSON.stringify(counts));
    } catch {
      // Counts go on in memory; a full disk must not stop what serves.
    }
  }

  async #rotateOutputs(): Promise<void> {
    for (const file of this.services.flatMap((service) => service.outputs())) {
      await rotate(file, this.#settings.outputLimit).catch((error: unknown) =>
        tell(`${file} could not be put aside: ${String(error)}`),
      );
    }
  }
}
