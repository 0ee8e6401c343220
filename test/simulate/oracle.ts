import type { Scheduler } from './scheduler.ts';
import type { Effect, SimulatedHost } from './simulated-host.ts';
import type { SimulatedDatabase } from './simulated-database.ts';
import { type Watched, WatchedRegistry, type WatchedWorld } from './watched-registry.ts';

export interface OracleOptions {
  readonly scheduler: Scheduler;
  readonly host: SimulatedHost;
  readonly lives: (owner: string) => boolean;
  readonly count: (what: string) => void;
}

/**
 * Looks at world and registries after every event and knows nothing of how the engine works: what was written, in which order, by whom.
 */
export class Oracle {
  /** The first promise that was broken, in words. */
  broken: string | null = null;
  readonly #options: OracleOptions;
  readonly #registries: WatchedRegistry[] = [];
  #highest: number;
  /** Operations of which a write of weights was let in. */
  readonly #moved = new Set<string>();
  /** Processes that owned one when it moved weights. */
  readonly #movers = new Set<string>();
  /** The last write of weights by sofare. */
  #weightsBy = { fence: 0, operation: '' };

  constructor(options: OracleOptions) {
    this.#options = options;
    this.#highest = options.host.fence;
  }

  /** From now on the rows of this database are looked at too. */
  watch(database: SimulatedDatabase): void {
    const { scheduler, lives, count } = this.#options;
    const world: WatchedWorld = {
      lives,
      count,
      writer: () => scheduler.current?.name ?? null,
      weightsOf: (operation) => this.#weightsOf(operation),
      moved: (operation) => this.#moved.has(operation),
      broken: (what) => this.#broken(what),
    };
    this.#registries.push(new WatchedRegistry(database, world));
  }

  /** How many operations all databases know together. */
  get operations(): number {
    return new Set(this.#registries.flatMap(({ operations }) => [...operations.keys()])).size;
  }

  /** The operation on the lane of a service by this database, and whether it is held. */
  seenOf(database: SimulatedDatabase, service: string): { readonly lane: string | null; readonly held: boolean } {
    const registry = this.#registries.find((each) => each.database === database);
    return registry?.seenOf(service) ?? { lane: null, held: false };
  }

  /** Whether an operation moved traffic while this process owned it. */
  movedBy(owner: string): boolean {
    return this.#movers.has(owner);
  }

  /** Before a write that was let in is true. */
  readonly effect = ({ what, fence, key, version, database }: Effect): void => {
    const { host } = this.#options;
    if (fence < this.#highest)
      this.#broken(`a write (${what} ${key}) under fence ${fence} was let in after one under ${this.#highest}`);
    this.#highest = fence;
    const [operation = ''] = key.split('/');
    if (what === 'weights' || what === 'apply') {
      const holder = host.record.value?.operation?.id;
      if (holder !== operation) this.#broken(`a write (${what} ${key}) was let in while the record names ${holder ?? 'nobody'}`);
    }
    if (what === 'weights') {
      this.#moved.add(operation);
      const known = this.#registries.flatMap(({ operations }) => operations.get(operation) ?? []);
      const mover = known.find((each) => each.fence === fence) ?? known[0];
      this.#movers.add(mover?.owner ?? '');
      this.#weightsBy = { fence, operation };
    }
    if (what === 'retire' && version !== null) this.#retired(version, database ?? '');
  };

  /** After every event. */
  look(): void {
    const { weights } = this.#options.host;
    const sum = Object.values(weights).reduce((total, share) => total + share, 0);
    if (sum !== 0 && Math.abs(sum - 100) > 1e-9) this.#broken(`the weights sum to ${sum}`);
    for (const registry of this.#registries) registry.look();
  }

  #retired(version: string, database: string): void {
    const share = this.#options.host.weights[version] ?? 0;
    if (share > 0) this.#broken(`${version} is stopped while it has ${share} % of the traffic`);
    const registry = this.#registries.find((each) => each.database.name === database);
    if (registry?.pointer === version) this.#broken(`${version} is stopped while it is in production by the registry`);
  }

  #weightsOf({ id, fence }: Watched): Readonly<Record<string, number>> | null {
    const { host } = this.#options;
    const { fence: by, operation } = this.#weightsBy;
    return !host.foreign && (by < fence || (by === fence && operation === id)) ? host.weights : null;
  }

  #broken(what: string): void {
    this.broken ??= what;
  }
}
