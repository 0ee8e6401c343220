import type { DatabaseSync } from 'node:sqlite';
import type { OperationEvent } from '../../src/model/operation.ts';
import type { Plan } from '../../src/model/plan.ts';
import type { Scheduler } from './scheduler.ts';
import type { Effect, SimulatedHost } from './simulated-host.ts';
import type { SimulatedDatabase } from './simulated-database.ts';

interface ServiceRow {
  readonly service: string;
  readonly pointer: string | null;
  readonly shares: string;
  readonly fence: number;
  readonly hold: string | null;
}

interface HistoryRow {
  readonly sequence: number;
  readonly service: string;
  readonly kind: string;
  readonly version: string | null;
  readonly share: number | null;
}

interface JournalRow {
  readonly sequence: number;
  readonly operation: string;
  readonly data: string;
}

/** What the oracle knows of an operation from its journal. */
export interface Watched {
  readonly id: string;
  plan: Plan;
  fence: number;
  owner: string;
  state: string;
  stepsDone: number;
  /** When it began to be run as it is run now, in the order of the journal: a hold set before that binds it. */
  heldWhenTaken: boolean;
  readonly overrides: readonly string[];
}

export interface OracleOptions {
  readonly scheduler: Scheduler;
  readonly database: SimulatedDatabase;
  readonly host: SimulatedHost;
  readonly lives: (owner: string) => boolean;
}

/**
 * Looks at world and registry after every event and knows nothing of how the engine works: what was written, in which order, by whom.
 */
export class Oracle {
  readonly operations = new Map<string, Watched>();
  /** The first promise that was broken, in words. */
  broken: string | null = null;
  readonly #options: OracleOptions;
  readonly #statements: ReturnType<typeof prepare>;
  #commits = -1;
  #journal = 0;
  #history = 0;
  #highest = 0;
  readonly #fences = new Map<string, number>();
  readonly #pointers = new Map<string, string | null>();
  readonly #shares = new Map<string, Record<string, number>>();
  /** Operations of which a write of weights was let in. */
  readonly #moved = new Set<string>();
  /** Processes that owned one when it moved weights. */
  readonly #movers = new Set<string>();
  /** Fence under which weights were last written by sofare. */
  #weightsFence = 0;

  constructor(options: OracleOptions) {
    this.#options = options;
    const { connection } = options.database;
    this.#statements = prepare(connection);
    // What was before is told by its history; its operations have ended.
    const { last } = connection.prepare('select coalesce(max(sequence), 0) as last from journal').get() as { last: number };
    this.#journal = last;
    this.#highest = options.host.fence;
  }

  /** The operation on the lane of a service, and whether it is held. */
  seenOf(service: string): { readonly lane: string | null; readonly held: boolean } {
    const found = this.#statements.lane.get(service) as { id: string } | undefined;
    return { lane: found?.id ?? null, held: this.#service(service)?.hold != null };
  }

  /** Whether an operation moved traffic while this process owned it. */
  movedBy(owner: string): boolean {
    return this.#movers.has(owner);
  }

  /** Before a write that was let in is true. */
  readonly effect = ({ what, fence, key, version }: Effect): void => {
    const { host } = this.#options;
    if (fence < this.#highest)
      this.#broken(`a write (${what} ${key}) under fence ${fence} was let in after one under ${this.#highest}`);
    this.#highest = fence;
    if (what === 'weights') {
      const [operation = ''] = key.split('/');
      this.#moved.add(operation);
      this.#movers.add(this.operations.get(operation)?.owner ?? '');
      this.#weightsFence = fence;
    }
    if (what !== 'retire' || version === null) return;
    const share = host.weights[version] ?? 0;
    if (share > 0) this.#broken(`${version} is stopped while it has ${share} % of the traffic`);
    const { pointer } = this.#service('fraud-scorer') ?? { pointer: null };
    if (pointer === version) this.#broken(`${version} is stopped while it is in production by the registry`);
  };

  /** After every event. */
  look(): void {
    this.#traffic();
    if (this.#commits === this.#options.database.commits) return;
    this.#commits = this.#options.database.commits;
    for (const row of this.#statements.history.all(this.#history) as unknown as HistoryRow[]) this.#happened(row);
    for (const row of this.#statements.services.all() as unknown as ServiceRow[]) this.#agrees(row);
    for (const row of this.#statements.journal.all(this.#journal) as unknown as JournalRow[]) this.#journalled(row);
    for (const row of this.#statements.lanes.all() as unknown as { service: string; holders: number }[])
      if (row.holders > 1) this.#broken(`${row.holders} operations hold the lane of ${row.service}`);
  }

  #traffic(): void {
    const { weights } = this.#options.host;
    const sum = Object.values(weights).reduce((total, share) => total + share, 0);
    if (sum !== 0 && Math.abs(sum - 100) > 1e-9) this.#broken(`the weights sum to ${sum}`);
  }

  #happened({ sequence, service, kind, version, share }: HistoryRow): void {
    this.#history = sequence;
    if (kind === 'pointed') this.#pointers.set(service, version);
    if (kind !== 'share' || version === null) return;
    const shares = this.#shares.get(service) ?? {};
    if ((share ?? 0) > 0) shares[version] = share ?? 0;
    else delete shares[version];
    this.#shares.set(service, shares);
  }

  #agrees({ service, pointer, shares, fence }: ServiceRow): void {
    const told = this.#pointers.get(service) ?? null;
    if (pointer !== told) this.#broken(`the pointer of ${service} is ${pointer}, its history says ${told}`);
    const folded = sorted(this.#shares.get(service) ?? {});
    if (sorted(JSON.parse(shares) as Record<string, number>) !== folded)
      this.#broken(`the shares of ${service} are ${shares}, its history says ${folded}`);
    const before = this.#fences.get(service) ?? 0;
    if (fence < before) this.#broken(`the fence of ${service} went back from ${before} to ${fence}`);
    this.#fences.set(service, fence);
  }

  #journalled({ sequence, operation: id, data }: JournalRow): void {
    this.#journal = sequence;
    const event = JSON.parse(data) as OperationEvent;
    const { current } = this.#options.scheduler;
    if (event.kind === 'created') {
      this.#created(id, event);
      return;
    }
    const operation = this.operations.get(id);
    if (!operation) this.#broken(`operation ${id} has ${event.kind} in its journal before it was created`);
    else if (event.kind === 'superseded') operation.state = 'superseded';
    else if (event.kind === 'claimed') this.#claimed(operation, event);
    else if (current && current.name !== operation.owner)
      this.#broken(`${current.name} wrote ${event.kind} for operation ${id}, which ${operation.owner} owns`);
    else this.#went(operation, event);
  }

  #created(id: string, { plan, owner, fence }: Extract<OperationEvent, { kind: 'created' }>): void {
    const held = this.#service(plan.service)?.hold != null;
    const overrides = plan.notes.flatMap((note) => /^overridden: (\S+)/.exec(note)?.[1] ?? []);
    this.operations.set(id, {
      id,
      plan,
      fence,
      owner,
      state: 'running',
      stepsDone: 0,
      heldWhenTaken: held,
      overrides,
    });
  }

  #claimed(operation: Watched, { owner, fence }: Extract<OperationEvent, { kind: 'claimed' }>): void {
    if (operation.state === 'running' && operation.owner !== owner && this.#options.lives(operation.owner))
      this.#broken(`${owner} took operation ${operation.id} from ${operation.owner}, which lives`);
    if (fence <= operation.fence)
      this.#broken(`operation ${operation.id} was claimed under fence ${fence}, before it had ${operation.fence}`);
    operation.owner = owner;
    operation.fence = fence;
    operation.state = 'running';
  }

  #went(operation: Watched, event: OperationEvent): void {
    const { host } = this.#options;
    const { plan, id } = operation;
    const world = plan.service === 'fraud-scorer';
    /** Nobody else moved traffic since this operation did. */
    const ours = world && !host.foreign && this.#weightsFence <= operation.fence;
    switch (event.kind) {
      case 'step-done': {
        const step = plan.steps[event.step];
        operation.stepsDone = event.step + 1;
        if (step?.kind === 'route' && ours && sorted(host.weights) !== sorted(step.weights))
          this.#broken(`operation ${id} says its weights ${sorted(step.weights)} are in force; they are ${sorted(host.weights)}`);
        return;
      }
      case 'replanned':
        operation.plan = event.plan;
        operation.stepsDone = event.done ?? 0;
        return;
      case 'extended':
        operation.plan = { ...plan, steps: [...plan.steps, ...event.steps] };
        return;
      case 'completed':
        operation.state = 'completed';
        if (event.verified && ours && host.weights[plan.to] !== 100)
          this.#broken(`operation ${id} ended verified, and ${plan.to} has ${host.weights[plan.to] ?? 0} % of the traffic`);
        return;
      case 'failed':
        operation.state = 'failed';
        if (event.problem.touched === 'no' && this.#moved.has(id))
          this.#broken(`operation ${id} says that nothing was touched, and it moved traffic`);
        return;
      case 'opened':
      case 'paused':
        operation.state = 'open';
        return;
      case 'stuck':
        operation.state = 'stuck';
        return;
      case 'abandoned':
        operation.state = 'abandoned';
        return;
      default:
        return;
    }
  }

  #service(name: string): ServiceRow | undefined {
    return this.#statements.service.get(name) as unknown as ServiceRow | undefined;
  }

  #broken(what: string): void {
    this.broken ??= what;
  }
}

function prepare(connection: DatabaseSync) {
  return {
    history: connection.prepare(
      'select sequence, service, kind, version, share from history where sequence > ? order by sequence',
    ),
    services: connection.prepare('select service, pointer, shares, fence, hold from services'),
    service: connection.prepare('select service, pointer, shares, fence, hold from services where service = ?'),
    journal: connection.prepare('select sequence, operation, data from journal where sequence > ? order by sequence'),
    lane: connection.prepare("select id from operations where service = ? and state in ('running', 'open', 'stuck')"),
    lanes: connection.prepare(
      "select service, count(*) as holders from operations where state in ('running', 'open', 'stuck') group by service",
    ),
  };
}

function sorted(map: Readonly<Record<string, number>>): string {
  return JSON.stringify(Object.entries(map).sort(([one], [other]) => (one < other ? -1 : 1)));
}
