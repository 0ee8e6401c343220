import type { ScheduledTask, Task } from '../model/task.ts';
import { documentOf } from './document.ts';
import { ago, duration } from './duration.ts';
import { lineOf } from './line.ts';
import type { Paper } from './paper.ts';
import { printed } from './screen.ts';
import { table } from './table.ts';

export function tasksDocument(tasks: readonly ScheduledTask[]): string {
  return documentOf('tasks', { tasks });
}

/** Work that waits for its time and holds nobody up. */
export function tasksText(tasks: readonly ScheduledTask[], paper: Paper): string {
  if (tasks.length === 0) return printed([lineOf(paper, { icon: 'done' }, ' no task waits')]);
  const rows = tasks.map(({ service, task, due, attempts }) => ({
    cells: [
      service,
      taskText(task),
      due > paper.now ? `in ${duration(due - paper.now)}` : `due ${ago(due, paper.now)}`,
      attempts === 0 ? '' : `attempt ${attempts + 1}`,
    ],
  }));
  return printed(table(paper, [{ title: 'service' }, { title: 'task', gives: true }, { title: 'when' }, { title: '' }], rows));
}

export function taskText(task: Task): string {
  switch (task.kind) {
    case 'retire':
      return `retire ${task.version}`;
    case 'bake':
      return `bake of ${task.version}`;
    case 'backup':
      return 'backup of the registry';
    case 'notify':
      return `announcement of ${task.operation}`;
  }
}
