import type { Problem } from '../model/errors.ts';
import { ProblemError } from '../model/errors.ts';
import type { ScheduledTask, Task } from '../model/task.ts';
import { advertiseTasks } from '../execute/advertise.ts';
import type { Engine } from '../execute/engine.ts';
import { announce } from './tasks/announce.ts';
import { backUp } from './tasks/backup.ts';
import { watchBake } from './tasks/bake.ts';
import { retire } from './tasks/retire.ts';
import type { TaskEnd } from './tasks/task-end.ts';
import type { Request } from './request.ts';

export interface TaskReport {
  readonly task: ScheduledTask;
  readonly end: TaskEnd | { readonly kind: 'failed'; readonly problem: Problem };
}

const pauses = [5_000, 30_000, 120_000, 600_000] as const;

/** Does every task of the service that is due and that no living process is at. Reports what came of each. */
export async function doDueTasks(engine: Engine, request: Request): Promise<readonly TaskReport[]> {
  const reports: TaskReport[] = [];
  for (;;) {
    if (request.signal.aborted) return reports;
    const task = await claimTask(
      engine,
      reports.map((report) => report.task.id),
    );
    if (!task) {
      if (reports.length > 0) await advertiseTasks(engine, request.signal);
      return reports;
    }
    const end = await attempt(engine, task, request);
    await settle(engine, task, end);
    reports.push({ task, end });
  }
}

async function claimTask(engine: Engine, done: readonly number[]): Promise<ScheduledTask | null> {
  const owner = engine.processes.self();
  return engine.store.transaction(
    'task.claim',
    async (transaction, at) => {
      const rows = await transaction
        .selectFrom('tasks')
        .selectAll()
        .where('service', '=', engine.service.name)
        .where('due', '<=', at)
        .orderBy('due')
        .orderBy('id')
        .execute();
      const free = rows.find(
        (row) =>
          !done.includes(row.id) && (row.owner === null || row.owner === owner || engine.processes.life(row.owner) === 'gone'),
      );
      if (!free) return null;
      await transaction
        .updateTable('tasks')
        .set({ owner, attempts: free.attempts + 1 })
        .where('id', '=', free.id)
        .execute();
      return {
        id: free.id,
        service: free.service,
        task: JSON.parse(free.data) as Task,
        due: free.due,
        attempts: free.attempts + 1,
      };
    },
    engine.service.name,
  );
}

async function attempt(engine: Engine, { task }: ScheduledTask, request: Request): Promise<TaskReport['end']> {
  try {
    switch (task.kind) {
      case 'backup':
        return await backUp(engine);
      case 'notify':
        return await announce(engine, task.operation, request.signal);
      case 'retire':
        return await retire(engine, task.version, request.signal);
      case 'bake':
        return await watchBake(engine, task, request);
    }
  } catch (error) {
    if (error instanceof ProblemError) return { kind: 'failed', problem: error.problem };
    throw error;
  }
}

async function settle(engine: Engine, task: ScheduledTask, end: TaskReport['end']): Promise<void> {
  const pause = pauses[Math.min(task.attempts, pauses.length) - 1] ?? 600_000;
  await engine.store.transaction(
    'task.settle',
    async (transaction, at) => {
      if (end.kind === 'over') await transaction.deleteFrom('tasks').where('id', '=', task.id).execute();
      else {
        const due = at + (end.kind === 'again' ? end.in : pause);
        await transaction.updateTable('tasks').set({ owner: null, due }).where('id', '=', task.id).execute();
      }
    },
    engine.service.name,
  );
}
