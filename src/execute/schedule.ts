import type { Operation } from '../model/operation.ts';
import type { Task } from '../model/task.ts';
import type { Transacted } from '../store/store.ts';
import type { Engine } from './engine.ts';

/** What is left to do when an operation has ended, as tasks that hold nobody up: committed with its last event. */
export async function scheduleAfter(transaction: Transacted, engine: Engine, operation: Operation, at: number): Promise<void> {
  const { plan } = operation;
  const { keep, bake } = engine.service;
  const put = (task: Task, due: number): Promise<void> => schedule(transaction, plan.service, task, due);
  // What a server keeps has backups of its own.
  if (engine.store.backup) await put({ kind: 'backup' }, at);
  if (engine.notifier) await put({ kind: 'notify', operation: operation.id }, at);
  if (!engine.world) return;
  if (plan.fresh !== undefined) await put({ kind: 'retire', version: plan.fresh }, at);
  const left = plan.from !== null && plan.from !== plan.to ? plan.from : null;
  const kept = plan.keepLeft === undefined ? keep.warm : plan.keepLeft;
  if (left !== null && kept !== null) await put({ kind: 'retire', version: left }, at + kept);
  if (plan.kind === 'deploy' || plan.kind === 'promote')
    await put({ kind: 'bake', version: plan.to, operation: operation.id }, at + bake.for);
}

/** The same of one that was given up or abandoned: what it was to bring in runs for nothing, unless it has a share by then. */
export async function scheduleGivenUp(
  transaction: Transacted,
  engine: Engine,
  { service, plan }: Operation,
  at: number,
): Promise<void> {
  if (!engine.world) return;
  for (const version of [plan.to, ...(plan.fresh === undefined ? [] : [plan.fresh])])
    await schedule(transaction, service, { kind: 'retire', version }, at);
}

export async function schedule(transaction: Transacted, service: string, task: Task, due: number): Promise<void> {
  await transaction
    .insertInto('tasks')
    .values({ service, kind: task.kind, data: JSON.stringify(task), due, attempts: 0, owner: null })
    .execute();
}
