import type {
  HostedService,
  LabelReceipt,
  RecordSwap,
  RetireRequest,
  WantedVersion,
  WantRequest,
  WeightsRequest,
} from '../model/hosting.ts';
import { fail } from '../model/errors.ts';
import type { RecordObservation, ServiceRecord } from '../model/observation.ts';
import { admit, refusal, requireFence } from './admission.ts';
import { chooseArm, type Shares, sharesOf } from './arm.ts';
import type { Pool } from './choose-copy.ts';
import type { Counters } from './counters.ts';
import type { EventLog } from './event-log.ts';
import { FrontDoor } from './front-door.ts';
import { Labels } from './labels.ts';
import type { SavedService } from './saved-service.ts';
import { VersionRunner } from './version-runner.ts';

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
  readonly counters: Counters;
  readonly labels: Labels;
  readonly #around: ServiceSurroundings;
  readonly #versions = new Map<string, VersionRunner>();
  readonly #door: FrontDoor;
  readonly #waiting = new Set<() => void>();
  #saved: SavedService;
  /** What is being made durable and does not hold yet. */
  #pending: Partial<SavedService> = {};
  #turn: Promise<unknown> = Promise.resolve();
  #shares: Shares = [];
  #pools = new Map<string, Pool>();
  #revision = 1;

  constructor(name: string, saved: SavedService, around: ServiceSurroundings) {
    this.name = name;
    this.#around = around;
    this.#saved = saved;
    this.counters = around.counters;
    this.labels = new Labels((version, right) => this.counters.label(version, right), around.labels);
    this.#door = new FrontDoor(
      {
        pool: (id) => this.#pools.get(chooseArm(this.#shares, this.#saved.seed, id) ?? '') ?? [],
        copiesOf: (version) => this.#versions.get(version)?.copies ?? [],
        ended: (version, ending) => this.counters.count(version, ending),
        refused: () => this.counters.refuse(),
        keeps: () => (this.#saved.policy?.labels ?? null) !== null,
        keep: (id, version, body) => this.labels.keep(this.#saved.policy?.labels ?? null, id, version, body, Date.now()),
      },
      (event, detail) => this.#listens(event, detail),
    );
  }

  get record(): RecordObservation {
    return this.#saved.record;
  }

  /** Children of an earlier host are taken back, and what is missing is started. It listens as soon as one that has a share can answer. */
  restore(): void {
    const { versions, retiring, copies } = this.#saved;
    for (const wanted of [...versions, ...retiring])
      this.#runner(wanted).adopt(copies.filter(({ version }) => version === wanted.version));
    for (const wanted of versions) this.#runner(wanted).want(wanted);
    for (const wanted of retiring) this.#retired(wanted.version);
    this.#route();
    void this.#openWhenReady();
  }

  hosted(): HostedService {
    const { fence, policy, weights } = this.#saved;
    const versions = [...this.#versions.values()].map((runner) => runner.hosted());
    return {
      service: this.name,
      fence,
      revision: this.#revision,
      policy,
      address: this.#door.address,
      listenProblem: this.#door.problem,
      weights,
      versions,
    };
  }

  saved(): SavedService {
    const copies = [...this.#versions.values()].flatMap((runner) =>
      runner.copies.map((copy) => copy.saved()).filter((copy) => copy !== null),
    );
    return { ...this.#saved, ...this.#pending, copies };
  }

  /** Every file that a copy of this service writes to. */
  outputs(): readonly string[] {
    return [...new Set([...this.#versions.values()].flatMap((runner) => runner.copies.map((copy) => copy.output)))];
  }

  want(request: WantRequest): Promise<void> {
    return this.#inTurn(async () => {
      const { repeated, ...admitted } = admit(this.name, this.#saved, request);
      if (repeated) return;
      const without = (list: readonly WantedVersion[]): readonly WantedVersion[] =>
        list.filter(({ version }) => !request.versions.some((wanted) => wanted.version === version));
      const { versions, retiring } = this.#saved;
      await this.#keep({
        ...admitted,
        policy: request.policy,
        versions: [...without(versions), ...request.versions],
        retiring: without(retiring),
      });
      for (const wanted of request.versions) this.#runner(wanted).want(wanted);
      this.#touch();
      await this.#door.open(request.policy.listen, this.#saved.port);
    });
  }

  /** When this resolves, no request that comes can reach a version without a share. */
  setWeights(request: WeightsRequest): Promise<void> {
    return this.#inTurn(async () => {
      const { repeated, ...admitted } = admit(this.name, this.#saved, request);
      if (repeated) return;
      const weights = Object.fromEntries(sharesOf(request.weights));
      this.#requireSum(weights);
      this.#requireReady(weights);
      await this.#keep({ ...admitted, weights, seed: request.seed });
      this.#around.events.write({ event: 'weights', service: this.name, detail: `${JSON.stringify(weights)} by ${request.key}` });
      this.#route();
      this.#touch();
    });
  }

  retire(request: RetireRequest): Promise<void> {
    return this.#inTurn(async () => {
      const { repeated, ...admitted } = admit(this.name, this.#saved, request);
      if (repeated) return;
      const { versions, retiring, weights } = this.#saved;
      const share = weights[request.version] ?? 0;
      if (share > 0)
        fail(
          refusal(
            'check.refused',
            `${request.version} has ${share} % of the traffic`,
            'a version with a share is never stopped',
            `sofare status ${this.name}`,
          ),
        );
      const leaving = versions.filter(({ version }) => version === request.version);
      await this.#keep({
        ...admitted,
        versions: versions.filter(({ version }) => version !== request.version),
        retiring: [...retiring, ...leaving],
      });
      this.#retired(request.version);
      this.#touch();
    });
  }

  /** True when the record was at that revision and is now this value, durably. */
  swap({ revision, value }: RecordSwap & { readonly value: ServiceRecord }): Promise<boolean> {
    return this.#inTurn(async () => {
      requireFence(this.name, this.#saved, value.fence);
      if (revision !== this.#saved.record.revision) return false;
      const done = value.fence > this.#saved.fence ? [] : this.#saved.done;
      await this.#keep({ record: { revision: revision + 1, value }, fence: value.fence, done });
      this.#touch();
      return true;
    });
  }

  /** Resolves at the next change after a revision, or when the time is over. */
  changed(since: number, atMost: number): Promise<void> {
    if (this.#revision > since) return Promise.resolve();
    return new Promise((resolve) => {
      const woken = (): void => {
        clearTimeout(timer);
        this.#waiting.delete(woken);
        resolve();
      };
      const timer = setTimeout(woken, atMost);
      this.#waiting.add(woken);
    });
  }

  /** Takes no new request, lets every copy end what it has, and resolves when all are gone. */
  async stop(): Promise<void> {
    this.#door.close();
    await Promise.all([...this.#versions.values()].map((runner) => runner.stop()));
    this.#door.destroy();
  }

  #inTurn<Result>(work: () => Promise<Result>): Promise<Result> {
    const result = this.#turn.then(work);
    this.#turn = result.catch(() => {});
    return result;
  }

  /** First durable, then true. What cannot be written is not done. */
  async #keep(changes: Partial<SavedService>): Promise<void> {
    this.#pending = changes;
    try {
      await this.#around.save();
      this.#saved = { ...this.#saved, ...changes };
    } finally {
      this.#pending = {};
    }
  }

  /** For what the world knows better than we do: a full disk must not stop what serves. */
  #remember(): Promise<void> {
    return this.#around
      .save()
      .catch((error: unknown) => this.#around.events.write({ event: 'not-saved', service: this.name, detail: String(error) }));
  }

  #requireSum(weights: Readonly<Record<string, number>>): void {
    const sum = Object.values(weights).reduce((total, share) => total + share, 0);
    if (sum === 0 || Math.abs(sum - 100) <= 1e-9) return;
    fail(
      refusal(
        'usage',
        `the weights of ${this.name} sum to ${sum}`,
        'shares sum to 100, or to 0 where nothing is routed',
        'name every version with its share',
      ),
    );
  }

  #requireReady(weights: Readonly<Record<string, number>>): void {
    const unready = Object.keys(weights).find((version) => this.#versions.get(version)?.ready !== true);
    if (unready !== undefined)
      fail(
        refusal(
          'target.not-ready',
          `${unready} has no ready copy`,
          'traffic never points at a version that is not ready',
          `sofare logs ${this.name}`,
        ),
      );
  }

  #retired(version: string): void {
    const runner = this.#versions.get(version);
    void runner?.stop().then(() => {
      if (this.#saved.versions.some((wanted) => wanted.version === version)) return;
      this.#versions.delete(version);
      this.#saved = { ...this.#saved, retiring: this.#saved.retiring.filter((wanted) => wanted.version !== version) };
      this.#touch();
      return this.#remember();
    });
  }

  /** For each version with a share: it, then the others with one. */
  #route(): void {
    this.#shares = sharesOf(this.#saved.weights);
    const runners = this.#shares.map(([version]) => this.#versions.get(version)).filter((runner) => runner !== undefined);
    this.#pools = new Map(
      this.#shares.map(([version]) => [
        version,
        runners.toSorted((one, other) => Number(other.version === version) - Number(one.version === version)),
      ]),
    );
  }

  async #openWhenReady(): Promise<void> {
    const shared = this.#shares.map(([version]) => this.#versions.get(version)).filter((runner) => runner !== undefined);
    while (shared.length > 0 && shared.every((runner) => !runner.ready && runner.failed === null))
      await this.changed(this.#revision, 1_000);
    const { policy, port } = this.#saved;
    if (policy) await this.#door.open(policy.listen, port);
  }

  #listens(event: 'listening' | 'listen-failed', detail: string): void {
    this.#around.events.write({ event, service: this.name, detail });
    if (event === 'listening') {
      this.#saved = { ...this.#saved, port: this.#door.port };
      void this.#remember();
    }
    this.#touch();
  }

  #runner(wanted: WantedVersion): VersionRunner {
    const present = this.#versions.get(wanted.version);
    if (present) return present;
    const { version } = wanted;
    const runner = new VersionRunner(wanted, {
      directory: this.#around.directory,
      service: this.name,
      policy: () =>
        this.#saved.policy ?? fail(refusal('bug', `${this.name} has no policy`, 'a version is wanted with one', 'report this')),
      remember: () => this.#remember(),
      hasShare: () => (this.#saved.weights[version] ?? 0) > 0,
      nextCopy: () => {
        this.#saved = { ...this.#saved, copiesMade: this.#saved.copiesMade + 1 };
        return this.#saved.copiesMade;
      },
      changed: (copy, event, detail) => {
        this.#around.events.write({
          event,
          service: this.name,
          version,
          ...(copy ? { copy: copy.id } : {}),
          ...(detail === undefined ? {} : { detail }),
        });
        if (event !== 'unready') void this.#remember();
        this.#touch();
      },
    });
    this.#versions.set(version, runner);
    return runner;
  }

  #touch(): void {
    this.#revision += 1;
    for (const woken of [...this.#waiting]) woken();
  }
}
