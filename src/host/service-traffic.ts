import type { LabelReceipt, ServingPolicy } from '../model/hosting.ts';
import { chooseArm, type Shares, sharesOf } from './arm.ts';
import type { Pool } from './choose-copy.ts';
import type { Counters } from './counters.ts';
import { Labels } from './labels.ts';
import { poolsOf } from './pools.ts';
import type { Front } from './proxy.ts';
import { unitOf } from './request-head.ts';
import type { VersionRunner } from './version-runner.ts';

export interface TrafficSurroundings {
  readonly counters: Counters;
  readonly labels: LabelReceipt;
  readonly policy: () => ServingPolicy | null;
  /** An arm is chosen by a hash of this and who asks. */
  readonly seed: () => string;
  readonly runnerOf: (version: string) => VersionRunner | undefined;
}

/** What passes through a service: which version gets a request, and what is counted and kept of it. */
export class ServiceTraffic {
  readonly counters: Counters;
  readonly labels: Labels;
  readonly front: Front;
  readonly #runnerOf: TrafficSurroundings['runnerOf'];
  #shares: Shares = [];
  #pools = new Map<string, Pool>();

  constructor({ counters, labels, policy, seed, runnerOf }: TrafficSurroundings) {
    this.counters = counters;
    this.#runnerOf = runnerOf;
    this.labels = new Labels((version, right, unit) => counters.label(version, right, unit), labels);
    const answers = (): ServingPolicy['labels'] => policy()?.labels ?? null;
    this.front = {
      pool: (id) => this.#pools.get(chooseArm(this.#shares, seed(), id) ?? '') ?? [],
      copiesOf: (version) => runnerOf(version)?.copies ?? [],
      counters,
      unitOf: (headers, id) => unitOf(policy()?.unit ?? null, headers, id),
      keeps: () => answers() !== null,
      keep: ({ id, version, unit }, body) => this.labels.keep(answers(), id, version, body, Date.now(), unit),
    };
  }

  get shares(): Shares {
    return this.#shares;
  }

  /** From here on requests go by these weights. */
  route(weights: Readonly<Record<string, number>>): void {
    this.#shares = sharesOf(weights);
    this.#pools = poolsOf(this.#shares, this.#runnerOf);
  }
}
