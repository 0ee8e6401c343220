import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { ArmCounters, HostHello, LabelReceipt } from '../model/hosting.ts';
import { hostProtocol } from '../model/hosting.ts';
import { fail } from '../model/errors.ts';
import { Counters } from './counters.ts';
import { readJson, writeDurably, writeWhole } from './durable-file.ts';
import { EventLog } from './event-log.ts';
import { nothingSaved, type SavedService, ServiceRunner } from './service-runner.ts';

interface SavedHost {
  readonly epoch: number;
  readonly services: Readonly<Record<string, SavedService>>;
}

interface SavedCounts {
  readonly [service: string]: { readonly arms: Readonly<Record<string, ArmCounters>>; readonly refused: number; readonly labels: LabelReceipt };
}

const noLabels: LabelReceipt = { scored: 0, unknown: 0, duplicate: 0, late: 0, malformed: 0 };

/** Everything that one state directory serves. */
export class Host {
  readonly startedAt = Date.now();
  readonly epoch: number;
  readonly supervised: boolean;
  readonly #directory: string;
  readonly #events: EventLog;
  readonly #services = new Map<string, ServiceRunner>();
  readonly #counts: SavedCounts;
  readonly #timer: NodeJS.Timeout;

  constructor(directory: string, supervised: boolean) {
    mkdirSync(directory, { recursive: true, mode: 0o700 });
    this.#directory = directory;
    this.supervised = supervised;
    this.#events = new EventLog(join(directory, 'events.ndjson'));
    const saved = readJson<SavedHost>(this.#stateFile) ?? { epoch: 0, services: {} };
    this.#counts = readJson<SavedCounts>(this.#countsFile) ?? {};
    this.epoch = saved.epoch + 1;
    for (const [name, service] of Object.entries(saved.services)) this.#services.set(name, this.#make(name, service));
    this.#save();
    this.#timer = setInterval(() => this.#saveCounts(), 1_000);
  }

  get services(): readonly ServiceRunner[] {
    return [...this.#services.values()];
  }

  async restore(): Promise<void> {
    await Promise.all(this.services.map((service) => service.restore()));
  }

  service(name: string): ServiceRunner {
    return this.#services.get(name) ?? fail({ code: 'service.unknown', what: `the host serves no ${name}`, why: 'nothing of it was ever wanted here', touched: 'no', next: `sofare deploy ${name}@VERSION` });
  }

  /** A service comes to be with the first thing that is written of it. */
  ensure(name: string): ServiceRunner {
    let service = this.#services.get(name);
    if (!service) {
      service = this.#make(name, nothingSaved);
      this.#services.set(name, service);
    }
    return service;
  }

  hello(): HostHello {
    const { epoch, startedAt, supervised } = this;
    return { protocol: hostProtocol, pid: process.pid, epoch, startedAt, supervised, services: [...this.#services.keys()] };
  }

  async stop(): Promise<void> {
    clearInterval(this.#timer);
    await Promise.all(this.services.map((service) => service.stop()));
    this.#saveCounts();
    this.#save();
  }

  get #stateFile(): string {
    return join(this.#directory, 'state.json');
  }

  get #countsFile(): string {
    return join(this.#directory, 'counters.json');
  }

  #make(name: string, saved: SavedService): ServiceRunner {
    const counts = this.#counts[name] ?? { arms: {}, refused: 0, labels: noLabels };
    return new ServiceRunner(name, saved, {
      directory: this.#directory,
      events: this.#events,
      counters: new Counters(counts),
      labels: counts.labels,
      save: () => this.#save(),
    });
  }

  #save(): void {
    const services = Object.fromEntries(this.services.map((service) => [service.name, service.saved()]));
    writeDurably(this.#stateFile, JSON.stringify({ epoch: this.epoch, services } satisfies SavedHost));
  }

  #saveCounts(): void {
    if (!this.services.some(({ counters }) => counters.changed)) return;
    const counts: SavedCounts = Object.fromEntries(
      this.services.map(({ name, counters, labels }) => {
        counters.changed = false;
        return [name, { arms: counters.reading(), refused: counters.refused, labels: labels.receipt() }];
      }),
    );
    try {
      writeWhole(this.#countsFile, JSON.stringify(counts));
    } catch {
      // Counts go on in memory; a full disk must not stop what serves.
    }
  }
}
