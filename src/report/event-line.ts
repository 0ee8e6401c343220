import type { Weights } from '../model/observation.ts';
import type { OperationEvent } from '../model/operation.ts';
import { duration, elapsed } from './duration.ts';
import { lineOf } from './line.ts';
import type { Icon, Paper } from './paper.ts';
import { planTitles } from './plan.ts';
import type { OperationProgress } from './progress.ts';
import { versionOrNothing } from './sentence.ts';
import { weightsText } from './step.ts';
import { analysisSaid } from './analysis-lines.ts';
import type { StepProgress } from './step-progress.ts';
import { watchLines } from './watch.ts';

/** Between two lines of evidence, so that a log stays readable; verdicts and everything else are always said. */
const evidenceEvery = 10_000;

/**
 * One plain line for an event, where no tree can be drawn; null where it is not worth one. `before` and `after`: the progress
 * without and with it. Never cut, whatever the paper: it is for logs.
 */
export function eventLine(
  event: OperationEvent,
  at: number,
  before: OperationProgress | null,
  after: OperationProgress,
  paper: Paper,
): string | null {
  const said = saying(event, at, before, after);
  if (said === null) return null;
  const [icon, text] = said;
  return lineOf({ ...paper, width: Infinity }, `${elapsed(at - after.createdAt, true)}  `, { icon }, ` ${text}`);
}

function saying(
  event: OperationEvent,
  at: number,
  before: OperationProgress | null,
  after: OperationProgress,
): readonly [Icon, string] | null {
  const { plan, id } = after;
  switch (event.kind) {
    case 'created':
      return ['doing', `${planTitles[plan.kind]} ${plan.service}  ${versionOrNothing(plan.from)} → ${plan.to}  op ${id}`];
    case 'claimed':
      return ['doing', `operation ${id} is taken over: ${event.because}`];
    case 'intended':
      return event.attempt === 1
        ? ['doing', `${nameOf(after, event.step)} begins`]
        : ['warning', `${nameOf(after, event.step)} again, attempt ${event.attempt}`];
    case 'attempt-failed':
      return ['warning', `${nameOf(after, event.step)} did not work: ${event.problem.what} (${event.problem.why})`];
    case 'step-done':
      return ['done', doneText(after, after.steps[event.step])];
    case 'replanned':
      return ['warning', `another plan, to ${plan.to}: ${event.because}`];
    case 'extended':
      return ['doing', `${event.steps.length} more steps`];
    case 'guarded':
      return ['doing', `${nameOf(after, event.step)} begins under guard`];
    case 'evidence':
      return isDue(before, at) ? ['doing', watchText(after)] : null;
    case 'measured':
      return analysisSaid(event.canary, after);
    case 'decided':
      return [
        event.decision.action === 'roll back' ? 'failed' : 'done',
        `decided: ${event.decision.action}. ${event.decision.because}`,
      ];
    case 'opened':
      return ['done', `the ${plan.kind} stays open: ${weightsText(weightsAtEnd(after))}`];
    case 'completed':
      return event.verified
        ? [
            'done',
            `ended${plan.steps.some(({ kind }) => kind === 'confirm') ? ', verified,' : ''} after ${duration(at - after.createdAt)}`,
          ]
        : ['warning', `ended, not verified: ${event.problem?.why ?? 'nothing names the version'}`];
    case 'paused':
      return ['warning', `paused: ${event.problem.what} (${event.problem.why})`];
    case 'failed':
    case 'stuck':
      return ['failed', `${event.kind}: ${event.problem.what} (${event.problem.why})`];
    case 'superseded':
      return ['warning', `operation ${event.by} takes over`];
    case 'abandoned':
      return ['warning', `abandoned by ${event.actor}: ${event.reason}`];
  }
}

function nameOf({ steps }: OperationProgress, step: number): string {
  return steps[step]?.step.kind ?? `step ${step}`;
}

function doneText({ safe, plan }: OperationProgress, done: StepProgress | undefined): string {
  if (done === undefined) return 'done';
  const took = done.since === null || done.until === null ? '' : ` in ${duration(done.until - done.since)}`;
  const { step } = done;
  const what = step.kind === 'route' ? ` ${weightsText(step.weights)}` : ` ${step.version}`;
  const last = plan.steps.findLast(({ kind }) => kind === 'route' || kind === 'point') === step;
  return `${step.kind}${what}${took}${last && safe !== null ? `; everything on ${plan.to} after ${duration(safe)}` : ''}`;
}

/** The first evidence of every stretch of time is said, the rest of it not. */
function isDue(before: OperationProgress | null, at: number): boolean {
  const watch = before?.steps[before.stepsDone]?.watch;
  if (!watch) return true;
  const stretch = (time: number): number => Math.floor((time - watch.startedAt) / evidenceEvery);
  return watch.lastAt === null || stretch(watch.lastAt) !== stretch(at);
}

function watchText({ steps, stepsDone }: OperationProgress): string {
  const watch = steps[stepsDone]?.watch;
  return watch ? watchLines(watch).join('; ').replaceAll(/ {2,}/g, ' ') : 'evidence';
}

function weightsAtEnd({ plan, stepsDone }: OperationProgress): Weights {
  return plan.steps.slice(0, stepsDone).findLast((step) => step.kind === 'route')?.weights ?? plan.planned.weights;
}
