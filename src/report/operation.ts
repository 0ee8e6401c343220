import type { OperationState } from '../model/operation.ts';
import { command } from './command.ts';
import { documentOf } from './document.ts';
import { duration, elapsed } from './duration.ts';
import { columnsUsed, lineOf, lineWithEnd, paragraph, type Piece } from './line.ts';
import { isBackwards, marksLeft } from './marks.ts';
import type { Icon, Paper } from './paper.ts';
import { type PlanRow, planTitles } from './plan.ts';
import type { OperationProgress } from './progress.ts';
import { versionOrNothing } from './sentence.ts';
import type { StepProgress } from './step-progress.ts';
import { stepNow } from './step-now.ts';

/** The tree of one operation. `follows`: the tasks that come after it, as on its plan. */
export function operationLines(progress: OperationProgress, paper: Paper, follows: readonly PlanRow[] = []): readonly string[] {
  const rows = [
    ...markRows(progress),
    ...progress.steps.map((step) => stepRow(step, progress, paper)),
    ...follows.map(followRow),
  ];
  return [
    heading(progress, paper),
    ...rows.flatMap((row, index) => treeLines(paper, row, index === rows.length - 1)),
    ...progress.turns.flatMap((turn) => paragraph(paper, ['  ', { icon: 'warning' }, ' '], turn)),
    ...footing(progress, paper),
  ];
}

export function operationDocument(progress: OperationProgress): string {
  return documentOf('operation', progress);
}

/** A row of the tree: `below` are further lines under it. */
interface TreeRow {
  readonly icon: Icon;
  readonly name: string;
  readonly pieces: readonly Piece[];
  readonly end: string;
  readonly below: readonly string[];
}

function heading({ id, plan, createdAt, endedAt }: OperationProgress, paper: Paper): string {
  const what = ` ${planTitles[plan.kind]} ${plan.service}  ${versionOrNothing(plan.from)} → ${plan.to}`;
  return lineWithEnd(
    paper,
    [{ icon: isBackwards(plan.kind) ? 'back' : 'forward' }, what],
    `op ${id}  ${elapsed((endedAt ?? paper.now) - createdAt)}`,
  );
}

/** Rows of the creating transaction: done as soon as there is an operation at all. */
function markRows({ plan, trigger }: OperationProgress): readonly TreeRow[] {
  if (!marksLeft(plan, trigger) || plan.from === null) return [];
  const done = { icon: 'done' as const, end: '', below: [] };
  return [
    { ...done, name: 'hold', pieces: ['new versions stay out'] },
    { ...done, name: 'quarantine', pieces: [plan.from] },
  ];
}

const stepIcons: Readonly<Record<StepProgress['state'], Icon>> = {
  waiting: 'waiting',
  doing: 'doing',
  done: 'done',
  failed: 'failed',
  stopped: 'warning',
};

function stepRow(progress: StepProgress, operation: OperationProgress, paper: Paper): TreeRow {
  const { state, since, until, failed } = progress;
  const again = failed === null ? [] : [`attempt ${failed.attempt} did not work: ${failed.problem.what} (${failed.problem.why})`];
  const now = stepNow(progress, operation, paper);
  return {
    icon: stepIcons[state],
    name: progress.step.kind,
    pieces: [now.text],
    end: since === null ? '' : duration((until ?? paper.now) - since),
    below: [...now.below, ...again],
  };
}

function followRow({ name, what }: PlanRow): TreeRow {
  return { icon: 'waiting', name, pieces: [`then: ${what}`], end: '', below: [] };
}

function treeLines(paper: Paper, { icon, name, pieces, end, below }: TreeRow, last: boolean): readonly string[] {
  const beginning: Piece[] = [last ? '└─ ' : '├─ ', { icon }, ` ${name.padEnd(12)}`];
  const first = end === '' ? lineOf(paper, ...beginning, ...pieces) : lineWithEnd(paper, [...beginning, ...pieces], end);
  const indent = `${last ? ' ' : '│'}${' '.repeat(columnsUsed(paper, beginning) - 1)}`;
  return [first, ...below.flatMap((text) => paragraph(paper, [indent], text))];
}

function footing({ id, state, plan, supersededBy }: OperationProgress, paper: Paper): readonly string[] {
  const texts: Readonly<Record<OperationState, string | null>> = {
    running: `Ctrl-C finishes this step and saves; ${command(['resume', id])} continues`,
    open: null,
    stuck: null,
    completed: null,
    failed: null,
    superseded: `taken over by operation ${supersededBy ?? 'unknown'}`,
    abandoned: `abandoned; ${command(['status', plan.service])}`,
  };
  const text = texts[state];
  return text === null ? [] : [lineOf(paper, '  ', text)];
}
