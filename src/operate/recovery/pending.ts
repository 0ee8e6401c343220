import { sql } from 'kysely';
import type { Life, Processes } from '../../ports/processes.ts';
import type { Store, Urgency } from '../../store/store.ts';

/** An operation that a process left behind when it ended. */
export interface Pending {
  readonly operation: string;
  readonly service: string;
  readonly fence: number;
  readonly urgency: Urgency;
}

const takesBack: readonly string[] = ['rollback', 'abort'];

/** Every operation whose owner is gone, or only those that take production back: these first, then the oldest. */
export async function pendingOperations(store: Store, processes: Processes, which: 'all' | 'back'): Promise<readonly Pending[]> {
  const query = store.read
    .selectFrom('operations')
    .select(['id', 'service', 'kind', 'owner', 'fence'])
    .select(sql<number>`case when lease_until < sofare_now() then 1 else 0 end`.as('over'))
    // In the words of the index on lanes, so that operations that have ended are not looked at.
    .where(sql<boolean>`state in ('running', 'open', 'stuck')`)
    .where('state', '=', 'running')
    .orderBy('created_at')
    .orderBy('id');
  const rows = await (which === 'back' ? query.where('kind', 'in', takesBack) : query).execute();
  // As ownerLife tells it of one; a process that left many is looked at once.
  const lives = new Map<string, Life>();
  const isGone = (owner: string, over: boolean): boolean => {
    const life = lives.get(owner) ?? processes.life(owner);
    lives.set(owner, life);
    return life === 'gone' || (life === 'elsewhere' && over);
  };
  const pending = rows
    .filter(({ owner, over }) => owner === null || isGone(owner, over === 1))
    .map(({ id, service, kind, fence }): Pending => {
      const urgency = takesBack.includes(kind) ? 'back' : 'usual';
      return { operation: id, service, fence, urgency };
    });
  return [...pending.filter(({ urgency }) => urgency === 'back'), ...pending.filter(({ urgency }) => urgency === 'usual')];
}

/** Services with a task whose time has come. The same state again: nobody did any of them meanwhile. */
export async function servicesWithDueTasks(
  store: Store,
): Promise<readonly { readonly service: string; readonly state: string }[]> {
  const rows = await store.read
    .selectFrom('tasks')
    .select('service')
    .select((build) => [
      build.fn.min('due').as('since'),
      build.fn.sum('attempts').as('attempts'),
      build.fn.countAll().as('tasks'),
    ])
    .where('due', '<=', await store.now())
    .groupBy('service')
    .orderBy('service')
    .execute();
  return rows.map(({ service, since, attempts, tasks }) => ({ service, state: `${since} ${attempts} ${tasks}` }));
}
