import type {
  HostedService,
  LabelReceipt,
  RecordSwap,
  RetireRequest,
  WantedVersion,
  WantRequest,
  WeightsRequest,
} from '../model/hosting.ts';
import type { RecordObservation, ServiceRecord } from '../model/service-record.ts';
import { admit, requireFence } from './admission.ts';
import { sharesOf } from './arm.ts';
import type { Counters } from './counters.ts';
import type { EventLog } from './event-log.ts';
import { Doors } from './doors.ts';
import { KeptService } from './kept-service.ts';
import type { Labels } from './labels.ts';
import { metricsPage } from './metrics-page.ts';
import { Revision } from './revision.ts';
import type { SavedService } from './saved-service.ts';
import { ServiceTraffic } from './service-traffic.ts';
import { ServiceVersions } from './service-versions.ts';
import { SinceDeath } from './since-death.ts';
import { requireNoShare, requireReady, requireSum } from './weight-rules.ts';

export interface ServiceSurroundings {
  readonly directory: string;
  readonly events: EventLog;
  readonly counters: Counters;
  readonly labels: LabelReceipt;
  /** Resolves when what `saved` says is durable; fails when it cannot be made so. */
  readonly save: () => Promise<void>;
}

/** One service: its versions, its address, its counters and its record, under one fence. */
export class ServiceRunner {
  readonly name: string;
  readonly #around: ServiceSurroundings;
  readonly #versions: ServiceVersions;
  readonly #doors: Doors;
  readonly #revision = new Revision();
  readonly #kept: KeptService;
  readonly #sinceDeath = new SinceDeath();
  readonly #traffic: ServiceTraffic;

  constructor(name: string, saved: SavedService, around: ServiceSurroundings) {
    this.name = name;
    this.#around = around;
    this.#kept = new KeptService(saved, around.save);
    this.#versions = new ServiceVersions({
      ...around,
      service: name,
      policy: () => this.#kept.now.policy,
      shareOf: (version) => this.#kept.now.weights[version] ?? 0,
      nextCopy: () => {
        this.#kept.note({ copiesMade: this.#kept.now.copiesMade + 1 });
        return this.#kept.now.copiesMade;
      },
      remember: () => this.#remember(),
      ended: (version) => around.counters.end(version),
      changed: () => this.#revision.raise(),
    });
    this.#traffic = new ServiceTraffic({
      counters: around.counters,
      labels: around.labels,
      policy: () => this.#kept.now.policy,
      seed: () => this.#kept.now.seed,
      runnerOf: (version) => this.#versions.get(version),
    });
    this.#doors = new Doors({
      front: this.#traffic.front,
      metrics: () => this.#page(),
      changed: (door, event, detail) => this.#listens(door, event, detail),
    });
  }

  get counters(): Counters {
    return this.#traffic.counters;
  }

  get arms(): ReturnType<ServiceTraffic['reading']> {
    return this.#traffic.reading();
  }

  get labels(): Labels {
    return this.#traffic.labels;
  }

  get record(): RecordObservation {
    return this.#kept.now.record;
  }

  /** Children of an earlier host are taken back, and what is missing is started. It listens as soon as one that has a share can answer. */
  restore(diedAt: number | null): void {
    if (sharesOf(this.#kept.now.weights).length > 0) this.#sinceDeath.begin(diedAt);
    const { versions, retiring, copies } = this.#kept.now;
    for (const wanted of [...versions, ...retiring])
      this.#versions.of(wanted).adopt(copies.filter(({ version }) => version === wanted.version));
    for (const wanted of versions) this.#versions.of(wanted).want(wanted);
    for (const wanted of retiring) this.#retired(wanted.version);
    this.#traffic.route(this.#kept.now.weights);
    void this.#openWhenReady();
  }

  get served(): boolean {
    return this.#doors.clients.address !== null || this.#traffic.shares.length === 0;
  }

  hosted(): HostedService {
    const { fence, policy, weights } = this.#kept.now;
    return {
      service: this.name,
      fence,
      revision: this.#revision.value,
      policy,
      address: this.#doors.clients.address,
      listenProblem: this.#doors.clients.problem,
      lastOutage: this.#kept.now.lastOutage,
      metrics: this.#doors.metrics.address,
      weights,
      versions: this.#versions.hosted(),
    };
  }

  saved(): SavedService {
    const copies = this.#versions.copies.map((copy) => copy.saved()).filter((copy) => copy !== null);
    return { ...this.#kept.next, copies };
  }

  /** Every file that a copy of this service writes to. */
  outputs(): readonly string[] {
    return [...new Set(this.#versions.copies.map((copy) => copy.output))];
  }

  want(request: WantRequest): Promise<void> {
    return this.#kept.inTurn(async () => {
      const { repeated, ...admitted } = admit(this.name, this.#kept.now, request);
      if (repeated) return;
      const without = (list: readonly WantedVersion[]): readonly WantedVersion[] =>
        list.filter(({ version }) => !request.versions.some((wanted) => wanted.version === version));
      const { versions, retiring } = this.#kept.now;
      await this.#kept.keep({
        ...admitted,
        policy: request.policy,
        versions: [...without(versions), ...request.versions],
        retiring: without(retiring),
      });
      for (const wanted of request.versions) this.#versions.of(wanted).want(wanted);
      this.#revision.raise();
      await this.#doors.open(request.policy, this.#kept.now.port);
    });
  }

  /** When this resolves, no request that comes can reach a version without a share. */
  setWeights(request: WeightsRequest): Promise<void> {
    return this.#kept.inTurn(async () => {
      const { repeated, ...admitted } = admit(this.name, this.#kept.now, request);
      if (repeated) return;
      const weights = Object.fromEntries(sharesOf(request.weights));
      requireSum(this.name, weights);
      requireReady(this.name, weights, (version) => this.#versions.get(version)?.ready === true);
      await this.#kept.keep({ ...admitted, weights, seed: request.seed });
      this.#around.events.write({ event: 'weights', service: this.name, detail: `${JSON.stringify(weights)} by ${request.key}` });
      this.#traffic.route(this.#kept.now.weights);
      this.counters.forgetUnits();
      this.#revision.raise();
    });
  }

  retire(request: RetireRequest): Promise<void> {
    return this.#kept.inTurn(async () => {
      const { repeated, ...admitted } = admit(this.name, this.#kept.now, request);
      if (repeated) return;
      const { versions, retiring, weights } = this.#kept.now;
      requireNoShare(this.name, weights, request.version);
      const leaving = versions.filter(({ version }) => version === request.version);
      await this.#kept.keep({
        ...admitted,
        versions: versions.filter(({ version }) => version !== request.version),
        retiring: [...retiring, ...leaving],
      });
      this.#retired(request.version);
      this.#revision.raise();
    });
  }

  /** True when the record was at that revision and is now this value, durably. */
  swap({ revision, value }: RecordSwap & { readonly value: ServiceRecord }): Promise<boolean> {
    return this.#kept.inTurn(async () => {
      requireFence(this.name, this.#kept.now, value.fence);
      if (revision !== this.#kept.now.record.revision) return false;
      const done = value.fence > this.#kept.now.fence ? [] : this.#kept.now.done;
      await this.#kept.keep({ record: { revision: revision + 1, value }, fence: value.fence, done });
      this.#revision.raise();
      return true;
    });
  }

  /** Resolves at the next change after a revision, or when the time is over. */
  changed(since: number, atMost: number): Promise<void> {
    return this.#revision.changed(since, atMost);
  }

  /** Takes no new request, lets every copy end what it has, and resolves when all are gone. */
  async stop(): Promise<void> {
    this.#doors.close();
    await this.#versions.stop();
    this.#doors.destroy();
  }

  /** For what the world knows better than we do: a full disk must not stop what serves. */
  #remember(): Promise<void> {
    return this.#around
      .save()
      .catch((error: unknown) => this.#around.events.write({ event: 'not-saved', service: this.name, detail: String(error) }));
  }

  #retired(version: string): void {
    const runner = this.#versions.get(version);
    void runner?.stop().then(() => {
      if (this.#kept.now.versions.some((wanted) => wanted.version === version)) return;
      this.#versions.forget(version);
      this.#kept.note({ retiring: this.#kept.now.retiring.filter((wanted) => wanted.version !== version) });
      this.#revision.raise();
      return this.#remember();
    });
  }

  #page(): string {
    const { weights } = this.#kept.now;
    return metricsPage({ service: this.name, ...this.counters.sinceStart(), weights, ready: this.#versions.ready });
  }

  async #openWhenReady(): Promise<void> {
    const shared = this.#traffic.shares.map(([version]) => this.#versions.get(version)).filter((runner) => runner !== undefined);
    while (shared.length > 0 && shared.every((runner) => !runner.ready && runner.failed === null))
      await this.changed(this.#revision.value, 1_000);
    const { policy, port } = this.#kept.now;
    if (policy) await this.#doors.open(policy, port);
  }

  #listens(door: 'clients' | 'metrics', event: 'listening' | 'listen-failed', detail: string): void {
    this.#around.events.write({ event, service: this.name, detail });
    if (event === 'listening' && door === 'clients') {
      this.#kept.note({ port: this.#doors.clients.port, ...this.#sinceDeath.end(Date.now(), this.#around.events, this.name) });
      void this.#remember();
    }
    this.#revision.raise();
  }
}
