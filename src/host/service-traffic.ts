import { freshOf } from '../model/fresh.ts';
import type { ArmCounters, LabelReceipt, ServingPolicy } from '../model/hosting.ts';
import { chooseArm, type Shares, sharesOf } from './arm.ts';
import { chooseCopy, type Pool } from './choose-copy.ts';
import type { Counters } from './counters.ts';
import { Labels } from './labels.ts';
import { Mirror } from './mirror.ts';
import type { Passage } from './passage.ts';
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
  readonly #around: TrafficSurroundings;
  readonly #mirror = new Mirror();
  #shares: Shares = [];
  #pools = new Map<string, Pool>();

  constructor(around: TrafficSurroundings) {
    const { counters, labels, policy, seed, runnerOf } = around;
    this.#around = around;
    this.counters = counters;
    this.labels = new Labels(counters, labels);
    const answers = (): ServingPolicy['labels'] => policy()?.labels ?? null;
    this.front = {
      pool: (id) => this.#pools.get(chooseArm(this.#shares, seed(), id) ?? '') ?? [],
      copiesOf: (version) => runnerOf(version)?.copies ?? [],
      counters,
      unitOf: (headers, id) => unitOf(policy()?.unit ?? null, headers, id),
      keeps: () => answers() !== null,
      keep: (passage, body) => {
        const { id, version, unit } = passage;
        if (this.labels.keep(answers(), id, version, body, Date.now(), unit)) this.#askBoth(passage);
      },
    };
  }

  /** What was counted of each version, and how many of its copies run. */
  reading(): Readonly<Record<string, ArmCounters>> {
    const running = (version: string): number => this.#around.runnerOf(version)?.running ?? 0;
    const arms = Object.entries(this.counters.reading());
    return Object.fromEntries(arms.map(([version, arm]) => [version, { ...arm, running: running(version) }]));
  }

  get shares(): Shares {
    return this.#shares;
  }

  /** From here on requests go by these weights. */
  route(weights: Readonly<Record<string, number>>): void {
    this.#shares = sharesOf(weights);
    this.#pools = poolsOf(this.#shares, this.#around.runnerOf);
  }

  /** Some of the requests are sent to the other version too, once the client has its answer: what both say to the same is compared by its label. */
  #askBoth({ id, version, body, sent }: Passage): void {
    const { policy, seed, runnerOf } = this.#around;
    const labels = policy()?.labels ?? null;
    const part = 100 * (labels?.pair ?? 0);
    if (part === 0 || body === null || !sent) return;
    // Where fresh copies stand in for the stable version, it is with them that the new one is compared.
    const names = this.#shares.map(([name]) => name);
    const compared = names.filter((name) => !names.includes(freshOf(name)));
    const [other, ...more] = compared.filter((name) => name !== version);
    if (other === undefined || more.length > 0 || !compared.includes(version)) return;
    // Drawn by another hash than the version, so that both versions' requests are asked twice in the same part.
    if (
      chooseArm(
        [
          ['both', part],
          ['one', 100 - part],
        ],
        `${seed()}/both`,
        id,
      ) !== 'both'
    )
      return;
    const runner = runnerOf(other);
    const copy = runner?.ready ? chooseCopy([runner]) : null;
    if (!copy || (sent.method !== 'POST' && sent.method !== 'GET')) return;
    const mirrored = { method: sent.method, path: sent.path, headers: sent.getHeaders(), body };
    this.#mirror.send(mirrored, copy, (answer) => this.labels.keepOther(labels, id, other, answer));
  }
}
