import type { Engine } from '../../execute/engine.ts';
import { leaseFrom, ownerLife } from '../../execute/lease.ts';
import { hotQuery } from '../../store/hot-query.ts';
import type { ScheduledTask, Task } from '../../model/task.ts';

/** Takes the next task of the service that is due and that nobody who lives is at; null when there is none. `done`: not these again. */
export async function claimTask(engine: Engine, done: readonly number[]): Promise<ScheduledTask | null> {
  const owner = engine.processes.self();
  return engine.store.transaction(
    'task.claim',
    async (transaction, at) => {
      for (const row of await dueTasks(transaction, [engine.service.name, at])) {
        if (done.includes(row.id)) continue;
        const life = await ownerLife(engine, { in: 'tasks', id: row.id, owner: row.owner }, transaction);
        if (row.owner !== owner && life !== 'gone') continue;
        const attempts = row.attempts + 1;
        const lease = leaseFrom(engine, at);
        await taken(transaction, [owner, attempts, lease, row.id]);
        return { id: row.id, service: row.service, task: JSON.parse(row.data) as Task, due: row.due, attempts };
      }
      return null;
    },
    engine.service.name,
  );
}

const dueTasks = hotQuery((database) =>
  database.selectFrom('tasks').selectAll().where('service', '=', '').where('due', '<=', 0).orderBy('due').orderBy('id'),
);

const taken = hotQuery((database) =>
  database.updateTable('tasks').set({ owner: '', attempts: 0, lease_until: 0 }).where('id', '=', 0),
);

const removed = hotQuery((database) => database.deleteFrom('tasks').where('id', '=', 0).where('owner', '=', ''));

/** Renews the lease of a task that this process is at. False: somebody else is at it now. */
export function taskRenewal(engine: Engine, { id }: ScheduledTask): () => Promise<boolean> {
  return () =>
    engine.store.transaction(
      'task.lease',
      async (transaction, at) => {
        const row = await transaction
          .updateTable('tasks')
          .set({ lease_until: leaseFrom(engine, at) })
          .where('id', '=', id)
          .where('owner', '=', engine.processes.self())
          .returning('id')
          .executeTakeFirst();
        return row !== undefined;
      },
      engine.service.name,
      'emergency',
    );
}

/** What became of a task: it is over, or due again after `again` milliseconds. Nothing, when somebody else is at it now. */
export async function settleTask(engine: Engine, { id }: ScheduledTask, again: number | null): Promise<void> {
  const owner = engine.processes.self();
  await engine.store.transaction(
    'task.settle',
    async (transaction, at) => {
      if (again === null) await removed(transaction, [id, owner]);
      else {
        const due = at + again;
        await transaction
          .updateTable('tasks')
          .set({ owner: null, due })
          .where('id', '=', id)
          .where('owner', '=', owner)
          .execute();
      }
    },
    engine.service.name,
  );
}
