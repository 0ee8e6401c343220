import { type HostedService, type LabelReceipt, type RecordSwap, type RetireRequest, type ServingPolicy, type WantedVersion, type WantRequest, type WeightsRequest } from '../model/hosting.ts';
import { fail } from '../model/errors.ts';
import type { RecordObservation, ServiceRecord } from '../model/observation.ts';
import { chooseArm } from './arm.ts';
import { Counters } from './counters.ts';
import type { SavedCopy } from './copy.ts';
import type { EventLog } from './event-log.ts';
import { Labels } from './labels.ts';
import { Proxy } from './proxy.ts';
import { VersionRunner } from './version-runner.ts';

/** What is remembered of a service. */
export interface SavedService {
  readonly fence: number;
  readonly policy: ServingPolicy | null;
  readonly port: number | null;
  readonly weights: Readonly<Record<string, number>>;
  readonly seed: string;
  readonly versions: readonly WantedVersion[];
  readonly copies: readonly SavedCopy[];
  readonly copiesMade: number;
  readonly record: { readonly revision: number; readonly value: ServiceRecord | null };
}

export const nothingSaved: SavedService = {
  fence: 0, policy: null, port: null, weights: {}, seed: '', versions: [], copies: [], copiesMade: 0, record: { revision: 0, value: null },
};

export interface ServiceSurroundings {
  readonly directory: string;
  readonly events: EventLog;
  readonly counters: Counters;
  readonly labels: LabelReceipt;
  /** Durable when it returns. */
  readonly save: () => void;
}

/** One service: its versions, its proxy, its counters and its record, under one fence. */
export class ServiceRunner {
  readonly name: string;
  readonly counters: Counters;
  readonly labels: Labels;
  readonly #around: ServiceSurroundings;
  readonly #versions = new Map<string, VersionRunner>();
  #saved: SavedService;
  #arms: readonly (readonly [string, number])[];
  #revision = 1;
  #waiting = new Set<() => void>();
  #proxy: Proxy | null = null;
  #address: string | null = null;
  #listenProblem: string | null = null;

  constructor(name: string, saved: SavedService, around: ServiceSurroundings) {
    this.name = name;
    this.#around = around;
    this.#saved = saved;
    this.#arms = armsOf(saved.weights);
    this.counters = around.counters;
    this.labels = new Labels((version, right) => this.counters.label(version, right), around.labels);
  }

  get record(): RecordObservation {
    return this.#saved.record;
  }

  /** Children of an earlier host are taken back; what is missing is started, and ready before the proxy listens. */
  async restore(): Promise<void> {
    for (const wanted of this.#saved.versions) {
      const runner = this.#runner(wanted);
      runner.adopt(this.#saved.copies.filter((copy) => copy.id.startsWith(`${wanted.version}.`)));
      runner.want(wanted);
    }
    const shared = (): readonly VersionRunner[] => this.#arms.map(([version]) => this.#versions.get(version)).filter((runner) => runner !== undefined);
    while (shared().some((runner) => !runner.ready && runner.failed === null)) await this.changed(this.#revision, 250);
    await this.#listen();
  }

  hosted(): HostedService {
    return {
      service: this.name,
      fence: this.#saved.fence,
      revision: this.#revision,
      policy: this.#saved.policy,
      address: this.#address,
      listenProblem: this.#listenProblem,
      weights: this.#saved.weights,
      versions: [...this.#versions.values()].map((runner) => runner.hosted()),
    };
  }

  saved(): SavedService {
    return { ...this.#saved, copies: [...this.#versions.values()].flatMap((runner) => runner.copies.map((copy) => copy.saved()).filter((copy) => copy !== null)) };
  }

  async want(request: WantRequest): Promise<void> {
    this.#admit(request);
    const others = this.#saved.versions.filter(({ version }) => !request.versions.some((wanted) => wanted.version === version));
    this.#keep({ policy: request.policy, versions: [...others, ...request.versions], fence: request.fence });
    for (const wanted of request.versions) this.#runner(wanted).want(wanted);
    if (!this.#proxy) await this.#listen();
  }

  async setWeights(request: WeightsRequest): Promise<void> {
    this.#admit(request);
    const shares = Object.entries(request.weights).filter(([, share]) => share > 0);
    const sum = shares.reduce((total, [, share]) => total + share, 0);
    if (Math.abs(sum - 100) > 1e-9) fail(refusal('usage', `the weights of ${this.name} sum to ${sum}`, 'shares sum to 100', 'name every version with its share'));
    const unready = shares.find(([version]) => this.#versions.get(version)?.ready !== true);
    if (unready) fail(refusal('target.not-ready', `${unready[0]} has no ready copy`, 'traffic never points at a version that is not ready', `sofare logs ${this.name}`));
    this.#keep({ weights: Object.fromEntries(shares), seed: request.seed, fence: request.fence });
    this.#arms = armsOf(this.#saved.weights);
    this.#around.events.write({ event: 'weights', service: this.name, detail: `${JSON.stringify(this.#saved.weights)} by ${request.key}` });
    this.#touch();
    if (this.#listenProblem) await this.#listen();
  }

  retire(request: RetireRequest): void {
    this.#admit(request);
    const { version } = request;
    const share = this.#saved.weights[version] ?? 0;
    if (share > 0) fail(refusal('check.refused', `${version} has ${share} % of the traffic`, 'a version with a share is never stopped', `sofare status ${this.name}`));
    this.#keep({ versions: this.#saved.versions.filter((wanted) => wanted.version !== version), fence: request.fence });
    const runner = this.#versions.get(version);
    void runner?.stop().then(() => {
      if (this.#versions.get(version) === runner && !this.#saved.versions.some((wanted) => wanted.version === version)) this.#versions.delete(version);
      this.#touch();
    });
  }

  /** True when the record was at that revision and is now this value, durably. */
  swap({ revision, value }: RecordSwap): boolean {
    if (revision !== this.#saved.record.revision) return false;
    const record = value as ServiceRecord;
    this.#keep({ record: { revision: revision + 1, value: record }, fence: Math.max(this.#saved.fence, record.fence) });
    this.#touch();
    return true;
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

  async stop(): Promise<void> {
    await this.#proxy?.close();
    await Promise.all([...this.#versions.values()].map((runner) => runner.stop()));
  }

  /** A fence below the highest seen is refused. Writes declare a state, so the same one again is harmless. */
  #admit({ fence }: { readonly fence: number }): void {
    if (fence >= this.#saved.fence) return;
    fail(refusal('superseded', `fence ${fence} is below ${this.#saved.fence}`, `another controller has the service ${this.name} now`, `sofare status ${this.name}`));
  }

  /** First durable, then true. What cannot be written is not done. */
  #keep(changes: Partial<SavedService>): void {
    const before = this.#saved;
    this.#saved = { ...before, ...changes };
    try {
      this.#around.save();
    } catch (error) {
      this.#saved = before;
      throw error;
    }
  }

  #runner(wanted: WantedVersion): VersionRunner {
    const present = this.#versions.get(wanted.version);
    if (present) return present;
    const { version } = wanted;
    const runner = new VersionRunner(wanted, {
      directory: this.#around.directory,
      service: this.name,
      policy: () => this.#saved.policy ?? fail(refusal('bug', `${this.name} has no policy`, 'a version is wanted with one', 'report this')),
      hasShare: () => (this.#saved.weights[version] ?? 0) > 0,
      nextCopy: () => {
        this.#saved = { ...this.#saved, copiesMade: this.#saved.copiesMade + 1 };
        return this.#saved.copiesMade;
      },
      changed: (copy, event, detail) => {
        this.#around.events.write({ event, service: this.name, version, ...(copy ? { copy: copy.id } : {}), ...(detail === undefined ? {} : { detail }) });
        if (event === 'started' || event === 'ready') this.#around.save();
        this.#touch();
      },
    });
    this.#versions.set(version, runner);
    return runner;
  }

  async #listen(): Promise<void> {
    const { policy, port } = this.#saved;
    if (!policy) return;
    const [host = '127.0.0.1', wanted = '0'] = policy.listen.split(/:(?=\d+$)/);
    const proxy = new Proxy({
      choose: (id) => (this.#arms.length === 0 ? null : chooseArm(this.#arms, this.#saved.seed, id)),
      copyOf: (version, without) => this.#versions.get(version)?.choose(without) ?? null,
      ended: (version, ending) => this.counters.count(version, ending),
      refused: () => this.counters.refuse(),
      keeps: () => this.#saved.policy?.labels !== null,
      keep: (id, version, body) => this.labels.keep(this.#saved.policy?.labels ?? null, id, version, body, Date.now()),
    });
    try {
      const listening = await proxy.listen(host, Number(wanted) === 0 ? (port ?? 0) : Number(wanted));
      this.#proxy = proxy;
      this.#address = `http://${host}:${listening}`;
      this.#listenProblem = null;
      this.#keep({ port: listening });
      this.#around.events.write({ event: 'listening', service: this.name, detail: this.#address });
    } catch (error) {
      this.#listenProblem = `${policy.listen}: ${error instanceof Error ? error.message : String(error)}`;
      this.#around.events.write({ event: 'listen-failed', service: this.name, detail: this.#listenProblem });
    }
    this.#touch();
  }

  #touch(): void {
    this.#revision += 1;
    for (const woken of [...this.#waiting]) woken();
  }
}

function armsOf(weights: Readonly<Record<string, number>>): readonly (readonly [string, number])[] {
  return Object.entries(weights).filter(([, share]) => share > 0).sort(([one], [other]) => (one < other ? -1 : 1));
}

function refusal(code: 'usage' | 'superseded' | 'target.not-ready' | 'check.refused' | 'bug', what: string, why: string, next: string) {
  return { code, what, why, touched: 'no' as const, next };
}
