import { sql } from 'kysely';
import type { Life, Processes } from '../../ports/processes.ts';
import { hotQuery } from '../../store/hot-query.ts';
import type { Readable, Store, Urgency } from '../../store/store.ts';

/** An operation that a process left behind when it ended. */
export interface Pending {
  readonly operation: string;
  readonly service: string;
  readonly fence: number;
  /** This process owns it: it runs it now, or has left it and lives on. */
  readonly own: boolean;
  readonly urgency: Urgency;
}

const takesBack: readonly string[] = ['rollback', 'abort'];

/** Every operation whose owner is gone or is this process, or only those that take production back: these first, then the oldest. */
export async function pendingOperations(store: Store, processes: Processes, which: 'all' | 'back'): Promise<readonly Pending[]> {
  const rows =
    which === 'back' ? await runningBack(store.read, ['running', ...takesBack]) : await running(store.read, ['running']);
  // As ownerLife tells it of one; a process that left many is looked at once.
  const lives = new Map<string, Life>();
  const self = processes.self();
  const isGone = (owner: string, over: boolean): boolean => {
    const life = lives.get(owner) ?? processes.life(owner);
    lives.set(owner, life);
    return life === 'gone' || (life === 'elsewhere' && over);
  };
  const pending = rows
    .filter(({ owner, over }) => owner === null || owner === self || isGone(owner, over === 1))
    .map(({ id, service, kind, owner, fence }): Pending => {
      const urgency = takesBack.includes(kind) ? 'back' : 'usual';
      return { operation: id, service, fence, own: owner === self, urgency };
    });
  return [...pending.filter(({ urgency }) => urgency === 'back'), ...pending.filter(({ urgency }) => urgency === 'usual')];
}

function ofRunning(database: Readable) {
  return (
    database
      .selectFrom('operations')
      .select(['id', 'service', 'kind', 'owner', 'fence'])
      .select(sql<number>`case when lease_until < sofare_now() then 1 else 0 end`.as('over'))
      // In the words of the index on lanes, so that operations that have ended are not looked at.
      .where(sql<boolean>`state in ('running', 'open', 'stuck')`)
      .where('state', '=', 'running')
      .orderBy('created_at')
      .orderBy('id')
  );
}

const running = hotQuery(ofRunning);
const runningBack = hotQuery((database) => ofRunning(database).where('kind', 'in', takesBack));

/** Services with a task whose time has come. The same state again: nobody did any of them meanwhile. */
export async function servicesWithDueTasks(
  store: Store,
): Promise<readonly { readonly service: string; readonly state: string }[]> {
  const rows = await dueByService(store.read, [await store.now()]);
  return rows.map(({ service, since, attempts, tasks }) => ({ service, state: `${since} ${attempts} ${tasks}` }));
}

const dueByService = hotQuery((database) =>
  database
    .selectFrom('tasks')
    .select('service')
    .select((build) => [
      build.fn.min('due').as('since'),
      build.fn.sum('attempts').as('attempts'),
      build.fn.countAll().as('tasks'),
    ])
    .where('due', '<=', 0)
    .groupBy('service')
    .orderBy('service'),
);
