import type { Problem } from '../model/errors.ts';
import { ProblemError } from '../model/errors.ts';
import type { ScheduledTask } from '../model/task.ts';
import { advertiseTasks } from '../execute/advertise.ts';
import type { Engine } from '../execute/engine.ts';
import { Fenced } from '../execute/lane.ts';
import { whileLeased } from '../execute/lease.ts';
import { announce } from './tasks/announce.ts';
import { backUp } from './tasks/backup.ts';
import { watchBake } from './tasks/bake.ts';
import { retire } from './tasks/retire.ts';
import { claimTask, settleTask, taskRenewal } from './tasks/claim-task.ts';
import type { TaskEnd } from './tasks/task-end.ts';
import { reconcile } from './reconcile.ts';
import type { Request } from './request.ts';

export interface TaskReport {
  readonly task: ScheduledTask;
  readonly end: TaskEnd | { readonly kind: 'failed'; readonly problem: Problem };
}

const pauses = [5_000, 30_000, 120_000, 600_000] as const;

/** Does every task of the service that is due and that no living process is at. Reports what came of each. */
export async function doDueTasks(engine: Engine, request: Request): Promise<readonly TaskReport[]> {
  const reports: TaskReport[] = [];
  await reconcile(engine, request.signal);
  for (;;) {
    if (request.signal.aborted) return reports;
    const task = await claimTask(
      engine,
      reports.map((report) => report.task.id),
    );
    if (!task) {
      await advertiseTasks(engine, request.signal);
      return reports;
    }
    const end = await leased(engine, task, request);
    // Somebody else is at it now, and settles it.
    if (end === null) continue;
    const pause = pauses[Math.min(task.attempts, pauses.length) - 1] ?? 600_000;
    await settleTask(engine, task, end.kind === 'over' ? null : end.kind === 'again' ? end.in : pause);
    reports.push({ task, end });
  }
}

async function leased(engine: Engine, task: ScheduledTask, request: Request): Promise<TaskReport['end'] | null> {
  const lease = { id: `task ${task.id}`, renew: taskRenewal(engine, task) };
  try {
    return await whileLeased(engine, lease, request.signal, (signal) => attempt(engine, task, { ...request, signal }));
  } catch (error) {
    if (error instanceof Fenced) return null;
    throw error;
  }
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
