import type { TaskReport } from '../operate/due.ts';
import { problemOf } from '../operate/outcome.ts';
import type { Recovered, RecoveredOperation } from '../operate/recovery/recover.ts';
import { documentOf } from './document.ts';
import { duration } from './duration.ts';
import { lineOf, paragraph } from './line.ts';
import type { Paper } from './paper.ts';
import { printed } from './screen.ts';
import { taskText } from './tasks.ts';

export function recoveredDocument({ tasks, operations }: Recovered): string {
  return documentOf('due', { reports: tasks, operations: operations.map((each) => ({ ...each, end: endOf(each) })) });
}

/** What came of the operations that dead processes had left, and of the tasks that were due. */
export function recoveredText({ tasks, operations }: Recovered, paper: Paper): string {
  if (tasks.length === 0 && operations.length === 0) return printed([lineOf(paper, { icon: 'done' }, ' no task is due')]);
  return printed([
    ...operations.flatMap((each) => operationLines(each, paper)),
    ...tasks.flatMap((each) => taskLines(each, paper)),
  ]);
}

function operationLines(each: RecoveredOperation, paper: Paper): readonly string[] {
  const { state, problem } = endOf(each);
  const icon = problem ? 'failed' : 'done';
  const came = problem ? `${problem.what} (${problem.why}); next: ${problem.next}` : state;
  return paragraph(paper, [{ icon }, ` ${each.service}  `], `operation ${each.operation}: ${came}`);
}

function taskLines({ task, end }: TaskReport, paper: Paper): readonly string[] {
  const icon = end.kind === 'over' ? 'done' : end.kind === 'again' ? 'waiting' : 'failed';
  const came =
    end.kind === 'failed'
      ? `${end.problem.what} (${end.problem.why}); next: ${end.problem.next}`
      : end.kind === 'again'
        ? `${end.note}; again in ${duration(end.in)}`
        : end.note;
  return paragraph(paper, [{ icon }, ` ${task.service}  `], `${taskText(task.task)}: ${came}`);
}

function endOf({ end }: RecoveredOperation) {
  switch (end.kind) {
    case 'failed':
      return { state: 'interrupted', problem: end.problem };
    case 'nothing':
      return { state: end.operation?.state ?? end.why, problem: null };
    case 'planned':
      return { state: 'interrupted', problem: null };
    case 'ran':
      return { state: (end.by ?? end.operation).state, problem: problemOf(end) };
  }
}
