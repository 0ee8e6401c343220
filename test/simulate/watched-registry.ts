import type { DatabaseSync } from 'node:sqlite';
import type { OperationEvent } from '../../src/model/operation.ts';
import type { Plan } from '../../src/model/plan.ts';
import { served } from './services.ts';
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

/** What is known of an operation from its journal. */
export interface Watched {
  readonly id: string;
  plan: Plan;
  fence: number;
  owner: string;
  state: string;
  stepsDone: number;
}

export interface WatchedWorld {
  /** Who writes now; null: nobody that could be named. */
  readonly writer: () => string | null;
  readonly lives: (owner: string) => boolean;
  /** The weights in force, if nobody else moved traffic since this operation did; else null. */
  readonly weightsOf: (operation: Watched) => Readonly<Record<string, number>> | null;
  /** Whether a write of weights of this operation was let in. */
  readonly moved: (operation: string) => boolean;
  readonly broken: (what: string) => void;
  /** Something rare was seen. */
  readonly count: (what: string) => void;
}

const ended: readonly string[] = ['completed', 'failed', 'superseded', 'abandoned'];

/** What is taken over from others, of which this database was no witness. */
const told: readonly string[] = ['catch-up', 'import'];

/** The rows of one registry as they come: what must hold of them, whoever wrote them. */
export class WatchedRegistry {
  readonly operations = new Map<string, Watched>();
  readonly database: SimulatedDatabase;
  readonly #world: WatchedWorld;
  readonly #statements: ReturnType<typeof prepare>;
  #commits = -1;
  #journal = 0;
  #history = 0;
  readonly #fences = new Map<string, number>();
  readonly #pointers = new Map<string, string | null>();
  readonly #shares = new Map<string, Record<string, number>>();

  constructor(database: SimulatedDatabase, world: WatchedWorld) {
    this.database = database;
    this.#world = world;
    this.#statements = prepare(database.connection);
    // What was before is told by its history; its operations have ended.
    const { last } = this.#statements.last.get() as { last: number };
    this.#journal = last;
  }

  /** The operation on the lane of a service, and whether it is held. */
  seenOf(service: string): { readonly lane: string | null; readonly held: boolean } {
    const found = this.#statements.lane.get(service) as { id: string } | undefined;
    return { lane: found?.id ?? null, held: this.#service(service)?.hold != null };
  }

  /** What is in production by this registry. */
  get pointer(): string | null {
    return this.#service(served.name)?.pointer ?? null;
  }

  look(): void {
    if (this.#commits === this.database.commits) return;
    this.#commits = this.database.commits;
    const names = this.database.committed.splice(0);
    const witnessed = !names.some((name) => told.includes(name));
    for (const name of names) if (told.includes(name)) this.#world.count(`rows by ${name}`);
    for (const row of this.#statements.history.all(this.#history) as unknown as HistoryRow[]) this.#happened(row);
    for (const row of this.#statements.services.all() as unknown as ServiceRow[]) this.#agrees(row);
    for (const row of this.#statements.journal.all(this.#journal) as unknown as JournalRow[]) this.#journalled(row, witnessed);
    for (const row of this.#statements.lanes.all() as unknown as { service: string; holders: number }[])
      if (row.holders > 1) this.#broken(`${row.holders} operations hold the lane of ${row.service}`);
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
    const pointed = this.#pointers.get(service) ?? null;
    if (pointer !== pointed) this.#broken(`the pointer of ${service} is ${pointer}, its history says ${pointed}`);
    const folded = sorted(this.#shares.get(service) ?? {});
    if (sorted(JSON.parse(shares) as Record<string, number>) !== folded)
      this.#broken(`the shares of ${service} are ${shares}, its history says ${folded}`);
    const before = this.#fences.get(service) ?? 0;
    if (fence < before) this.#broken(`the fence of ${service} went back from ${before} to ${fence}`);
    this.#fences.set(service, fence);
  }

  #journalled({ sequence, operation: id, data }: JournalRow, witnessed: boolean): void {
    this.#journal = sequence;
    const event = JSON.parse(data) as OperationEvent;
    const writer = this.#world.writer();
    if (event.kind === 'created') {
      const { plan, fence, owner } = event;
      this.operations.set(id, { id, plan, fence, owner, state: 'running', stepsDone: 0 });
      return;
    }
    const operation = this.operations.get(id);
    if (!operation) this.#broken(`operation ${id} has ${event.kind} in its journal before it was created`);
    else if (event.kind === 'superseded') {
      operation.state = 'superseded';
      if (!witnessed) this.#world.count('pushed aside by another database');
    } else if (event.kind === 'claimed') this.#claimed(operation, event, witnessed);
    else if (witnessed && writer !== null && writer !== operation.owner)
      this.#broken(`${writer} wrote ${event.kind} for operation ${id}, which ${operation.owner} owns`);
    else this.#went(operation, event, witnessed);
  }

  #claimed(operation: Watched, { owner, fence }: Extract<OperationEvent, { kind: 'claimed' }>, witnessed: boolean): void {
    if (witnessed && operation.state === 'running' && operation.owner !== owner && this.#world.lives(operation.owner))
      this.#broken(`${owner} took operation ${operation.id} from ${operation.owner}, which lives`);
    if (witnessed && ended.includes(operation.state))
      this.#broken(`${owner} took operation ${operation.id} up again, which had ended: ${operation.state}`);
    // Two databases may have claimed it under the same fence; the record told this one who has it.
    if (witnessed ? fence <= operation.fence : fence < operation.fence)
      this.#broken(`operation ${operation.id} was claimed under fence ${fence}, before it had ${operation.fence}`);
    if (!witnessed) this.#world.count('taken up by another database');
    operation.owner = owner;
    operation.fence = fence;
    operation.state = 'running';
  }

  #went(operation: Watched, event: OperationEvent, witnessed: boolean): void {
    const { plan, id } = operation;
    const weights = witnessed && plan.service === served.name ? this.#world.weightsOf(operation) : null;
    switch (event.kind) {
      case 'step-done': {
        const step = plan.steps[event.step];
        operation.stepsDone = event.step + 1;
        if (step?.kind === 'route' && weights && sorted(weights) !== sorted(step.weights))
          this.#broken(`operation ${id} says its weights ${sorted(step.weights)} are in force; they are ${sorted(weights)}`);
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
        if (event.verified && weights && weights[plan.to] !== 100)
          this.#broken(`operation ${id} ended verified, and ${plan.to} has ${weights[plan.to] ?? 0} % of the traffic`);
        return;
      case 'failed':
        operation.state = 'failed';
        if (event.problem.touched === 'no' && this.#world.moved(id))
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
    const { name } = this.database;
    this.#world.broken(name === '' ? what : `by ${name}: ${what}`);
  }
}

function prepare(connection: DatabaseSync) {
  return {
    last: connection.prepare('select coalesce(max(sequence), 0) as last from journal'),
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
