import { type Admitted, admit, requireFence } from '../../src/host/admission.ts';
import { nothingSaved, type SavedService } from '../../src/host/saved-service.ts';
import { versionOf } from '../../src/model/fresh.ts';
import { ProblemError } from '../../src/model/errors.ts';
import type { CountersReading } from '../../src/model/hosting.ts';
import type { TargetObservation, TrafficObservation } from '../../src/model/observation.ts';
import type { RecordObservation, ServiceRecord } from '../../src/model/service-record.ts';
import type { Weights } from '../../src/model/weights.ts';
import type { Chance } from './chance.ts';
import type { Scheduler } from './scheduler.ts';

export const trafficAddress = 'http://traffic';
const requestsPerSecond = 120;
const readyWithin = 2_000;
const longestPause = 10_000;
const steadyAfter = 60_000;

interface Copy {
  readonly id: string;
  /** Under 0: it is leaving, and another may start in its place. */
  slot: number;
  ready: boolean;
  restarts: number;
}

export interface HostedVersion {
  readonly version: string;
  readonly bundleDigest: string;
  wanted: number;
  copies: Copy[];
  failed: string | null;
}

/** What was done to the world by a write that was let in. */
export interface Effect {
  readonly what: 'apply' | 'weights' | 'retire' | 'record';
  readonly fence: number;
  readonly key: string;
  readonly version: string | null;
  /** Of what is stopped: the database of who says so. */
  readonly database?: string;
}

export interface HostState {
  readonly weights: Weights;
  readonly record: RecordObservation;
  readonly versions: readonly HostedVersion[];
  readonly admitted: Pick<SavedService, 'fence' | 'done'>;
  readonly copies: number;
  readonly counts: readonly (readonly [string, { requests: number; errors: number; unanswered: number }])[];
}

export interface HostOptions {
  readonly scheduler: Scheduler;
  readonly chance: Chance;
  /** Versions that answer with errors, by share of requests. */
  readonly errors: ReadonlyMap<string, number>;
  /** Versions that do not come up until the world is healed. */
  readonly neverReady: Set<string>;
  /** Told of a write just before it is true. */
  readonly effect: (effect: Effect) => void;
}

/**
 * What serves: copies that start, become ready and die, weights, a record, counters. Writes are let in or refused by the real host's
 * own admission, and the promises of the ports are kept: no weights for what is not ready, no stop of what has a share.
 */
export class SimulatedHost {
  up = true;
  weights: Weights = {};
  record: RecordObservation = { revision: 0, value: null };
  readonly versions = new Map<string, HostedVersion>();
  /** Somebody beside sofare wrote the weights since the last write of ours. */
  foreign = false;
  starts = 1;
  readonly #options: HostOptions;
  #admitted: Pick<SavedService, 'fence' | 'done'> = { fence: 0, done: [] };
  #copies = 0;
  readonly #counts = new Map<string, { requests: number; errors: number; unanswered: number }>();
  #countedAt = 0;
  readonly #seen: { readonly at: number; readonly target: TargetObservation; readonly traffic: TrafficObservation }[] = [];

  constructor(options: HostOptions) {
    this.#options = options;
    this.touched();
  }

  get fence(): number {
    return this.#admitted.fence;
  }

  readyCopies(version: string): number {
    return this.versions.get(version)?.copies.filter((copy) => copy.ready).length ?? 0;
  }

  /** As it was so long ago, or is now. */
  observed(ago: number): { readonly target: TargetObservation; readonly traffic: TrafficObservation } {
    const { now } = this.#options.scheduler;
    const found = this.#seen.findLast(({ at }) => at <= now - ago) ?? this.#seen[0];
    return found as NonNullable<typeof found>;
  }

  apply(
    request: { readonly version: string; readonly bundleDigest: string; readonly copies: number },
    key: string,
    fence: number,
  ): void {
    const { version, bundleDigest, copies } = request;
    const admitted = this.#admit({ ...request, key, fence });
    if (admitted.repeated) return;
    this.#options.effect({ what: 'apply', fence, key, version });
    this.#admitted = admitted;
    const present = this.versions.get(version) ?? { version, bundleDigest, wanted: 0, copies: [], failed: null };
    this.versions.set(version, present);
    present.wanted = copies;
    present.failed = null;
    for (let slot = 0; slot < copies; slot += 1)
      if (!present.copies.some((copy) => copy.slot === slot)) this.#start(present, slot, 0);
    this.touched();
  }

  write(weights: Weights, key: string, fence: number): void {
    const admitted = this.#admit({ weights, key, fence });
    if (admitted.repeated) return;
    const sum = Object.values(weights).reduce((total, share) => total + share, 0);
    if (sum !== 0 && Math.abs(sum - 100) > 1e-9) refuse('usage', `the weights sum to ${sum}`);
    const unready = Object.entries(weights).find(([version, share]) => share > 0 && this.readyCopies(version) === 0);
    if (unready) refuse('target.not-ready', `${unready[0]} has no ready copy`);
    this.count();
    this.#options.effect({ what: 'weights', fence, key, version: null });
    this.#admitted = admitted;
    this.weights = Object.fromEntries(Object.entries(weights).filter(([, share]) => share > 0));
    this.foreign = false;
    this.touched();
  }

  retire(version: string, key: string, fence: number, database: string): void {
    const admitted = this.#admit({ version, key, fence });
    if (admitted.repeated) return;
    if ((this.weights[version] ?? 0) > 0) refuse('check.refused', `${version} has a share`);
    this.#options.effect({ what: 'retire', fence, key, version, database });
    this.#admitted = admitted;
    const present = this.versions.get(version);
    if (!present) return;
    present.wanted = 0;
    for (const copy of present.copies) Object.assign(copy, { ready: false, slot: -1 });
    this.touched();
    this.#options.scheduler.after(this.#options.chance.between(50, 2_000), `${version} has stopped`, null, () => {
      present.copies = present.copies.filter(({ slot }) => slot >= 0);
      if (present.wanted === 0 && this.versions.get(version) === present) this.versions.delete(version);
      this.touched();
    });
  }

  swap(expected: number, value: ServiceRecord): boolean {
    requireFence('fraud-scorer', this.#saved(), value.fence);
    if (expected !== this.record.revision) return false;
    this.#options.effect({ what: 'record', fence: value.fence, key: '', version: null });
    const done = value.fence > this.#admitted.fence ? [] : this.#admitted.done;
    this.record = { revision: expected + 1, value };
    this.#admitted = { fence: value.fence, done };
    this.touched();
    return true;
  }

  /** Somebody writes the weights past sofare, as a person with another tool would. */
  writeForeign(weights: Weights): void {
    this.count();
    this.weights = weights;
    this.foreign = true;
    this.touched();
  }

  /** All that it is, so that another can begin with it. */
  save(): HostState {
    this.count();
    const { weights, record } = this;
    return structuredClone({
      weights,
      record,
      versions: [...this.versions.values()],
      admitted: { fence: this.#admitted.fence, done: this.#admitted.done },
      copies: this.#copies,
      counts: [...this.#counts],
    });
  }

  restore(state: HostState): void {
    const { weights, record, versions, admitted, copies, counts } = structuredClone(state);
    this.weights = weights;
    this.record = record;
    this.#admitted = admitted;
    this.#copies = copies;
    this.#countedAt = this.#options.scheduler.now;
    for (const version of versions) this.versions.set(version.version, version);
    for (const [version, count] of counts) this.#counts.set(version, count);
    this.touched();
  }

  /** It runs, and every version comes up when it is started. */
  heal(): void {
    this.up = true;
    this.#options.neverReady.clear();
  }

  die(version: HostedVersion, copy: Copy): void {
    version.copies = version.copies.filter((each) => each !== copy);
    this.touched();
    this.#startAgain(version, copy, 3_000);
  }

  counters(): CountersReading {
    this.count();
    const arms = Object.fromEntries(
      [...this.#counts].map(([version, { requests, errors, unanswered }]) => [
        version,
        {
          requests: Math.floor(requests),
          errors: Math.floor(errors),
          unanswered: Math.floor(unanswered),
          latency: [],
          labels: { right: 0, wrong: 0 },
        },
      ]),
    );
    const labels = { scored: 0, unknown: 0, duplicate: 0, late: 0, malformed: 0 };
    return { at: Math.floor(this.#options.scheduler.now), epoch: this.starts, arms, labels, refused: 0 };
  }

  /** What clients did since the last time. */
  count(): void {
    const { now } = this.#options.scheduler;
    const seconds = (now - this.#countedAt) / 1000;
    this.#countedAt = now;
    for (const [version, share] of Object.entries(this.weights)) {
      const counts = this.#counts.get(version) ?? { requests: 0, errors: 0, unanswered: 0 };
      const requests = (requestsPerSecond * seconds * share) / 100;
      counts.requests += requests;
      if (this.readyCopies(version) > 0) counts.errors += requests * (this.#options.errors.get(version) ?? 0);
      else counts.unanswered += requests;
      this.#counts.set(version, counts);
    }
  }

  touched(): void {
    const { now } = this.#options.scheduler;
    const versions = Object.fromEntries(
      [...this.versions.values()].map(({ version, bundleDigest, wanted, failed, copies }) => [
        version,
        {
          version,
          bundleDigest,
          wanted,
          failed,
          copies: copies.map(({ id, ready, restarts }) => ({
            id,
            ready,
            address: ready ? `http://${id}` : null,
            identity: ready ? versionOf(version) : null,
            restarts,
          })),
        },
      ]),
    );
    this.#seen.push({
      at: now,
      target: { fence: this.fence, versions },
      traffic: { fence: this.fence, weights: this.weights, address: trafficAddress },
    });
    if (this.#seen.length > 40) this.#seen.splice(0, 20);
  }

  #start(version: HostedVersion, slot: number, restarts: number): void {
    const { scheduler, chance, neverReady } = this.#options;
    this.#copies += 1;
    const copy: Copy = { id: `${version.version}.${this.#copies}`, slot, ready: false, restarts };
    version.copies.push(copy);
    const failing = neverReady.has(version.version);
    scheduler.after(failing ? readyWithin : chance.between(100, 1_500), `${copy.id} has started`, null, () => {
      if (!version.copies.includes(copy) || copy.slot < 0) return;
      if (failing && neverReady.has(version.version)) this.#givenUp(version, copy);
      else this.#isReady(version, copy);
      this.touched();
    });
  }

  /**
   * As the real host does: what has a share is started again for as long as it has it. What has none is given up for good: all its copies
   * end, and none is started until it is asked for anew.
   */
  #givenUp(version: HostedVersion, copy: Copy): void {
    version.failed = `it was not ready within ${readyWithin} ms`;
    version.copies = this.#hasShare(version) ? version.copies.filter((each) => each !== copy) : [];
    if (this.#hasShare(version)) this.#startAgain(version, copy, longestPause);
  }

  #hasShare({ version }: HostedVersion): boolean {
    return (this.weights[version] ?? 0) > 0;
  }

  /** What has failed is believed again only when it has stayed up. */
  #isReady(version: HostedVersion, copy: Copy): void {
    copy.ready = true;
    if (version.failed === null) return;
    this.#options.scheduler.after(steadyAfter, `${copy.id} has stayed up`, null, () => {
      if (!copy.ready || !version.copies.includes(copy)) return;
      version.failed = null;
      this.touched();
    });
  }

  #startAgain(version: HostedVersion, copy: Copy, atMost: number): void {
    const { scheduler, chance } = this.#options;
    scheduler.after(chance.between(100, atMost), `${version.version} starts again`, null, () => {
      if (copy.slot < 0 || (version.failed !== null && !this.#hasShare(version))) return;
      if (copy.slot < version.wanted && !version.copies.some((each) => each.slot === copy.slot))
        this.#start(version, copy.slot, copy.restarts + 1);
    });
  }

  #admit(request: Parameters<typeof admit>[2] & Readonly<Record<string, unknown>>): Admitted {
    return admit('fraud-scorer', this.#saved(), request);
  }

  #saved(): SavedService {
    return { ...nothingSaved, ...this.#admitted, record: this.record };
  }
}

function refuse(code: 'target.not-ready' | 'check.refused' | 'usage', what: string): never {
  throw new ProblemError({ code, what, why: 'simulated host', touched: 'no', next: 'sofare status' });
}
