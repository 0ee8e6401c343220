import type { Weights } from '../model/observation.ts';
import { bar } from './bar.ts';
import { duration, elapsed } from './duration.ts';
import { columnsOf, type Paper } from './paper.ts';
import { share } from './number.ts';
import type { OperationProgress } from './progress.ts';
import { counted } from './sentence.ts';
import { weightsText } from './step.ts';
import type { StepProgress } from './step-progress.ts';
import { watchLines } from './watch.ts';
import { analysisLines } from './analysis-lines.ts';

/** What a step shows beside its name, and the lines below it, as it stands. */
export function stepNow(
  progress: StepProgress,
  operation: OperationProgress,
  paper: Paper,
): { readonly text: string; readonly below: readonly string[] } {
  const { step, state, result, before, since } = progress;
  const over = state === 'done';
  const notes = result?.note === undefined ? [] : [result.note];
  switch (step.kind) {
    case 'wake':
      return { text: `${step.version}  ${counted(step.copies, 'copy', 'copies')}${over ? ' ready' : ''}`, below: notes };
    case 'prove':
      return { text: step.version, below: notes };
    case 'route':
      return {
        text:
          state === 'waiting'
            ? weightsText(step.weights)
            : weightBars(over ? step.weights : before, { ...before, ...step.weights }, paper),
        below: [...notes, ...safeLine(progress, operation)],
      };
    case 'point':
      return { text: `pointer → ${step.version}`, below: [...notes, ...safeLine(progress, operation)] };
    case 'bake': {
      const length = duration(step.for);
      const gone = since === null || state !== 'doing' ? `for ${length}` : `${duration(paper.now - since)} of ${length}`;
      return {
        text: `${step.version}  ${step.guarded ? 'guarded' : 'watched'} ${gone}`,
        below: [...notes, ...(progress.watch ? watchLines(progress.watch) : []), ...decisionLine(progress, operation)],
      };
    }
    case 'pause': {
      const gone = since === null || state !== 'doing' ? '' : duration(paper.now - since);
      const length =
        step.for === null ? 'until promoted' : gone === '' ? `for ${duration(step.for)}` : `${gone} of ${duration(step.for)}`;
      return {
        text: `${step.version}  ${length}`,
        below: [...notes, ...analysisLines(progress.canary?.background ?? null, 'beside: '), ...verdictLine(progress, operation)],
      };
    }
    case 'analysis':
      return {
        text: `${step.version}  ${step.analysis.name}`,
        below: [
          ...notes,
          ...analysisLines(progress.canary?.inline ?? null, ''),
          ...analysisLines(progress.canary?.background ?? null, 'beside: '),
          ...verdictLine(progress, operation),
        ],
      };
    case 'confirm': {
      const identity = result?.identity;
      const seen = identity
        ? `  ${identity.grade}: ${counted(identity.copies, 'copy', 'copies')}, ${counted(identity.requests, 'request')}`
        : '';
      return { text: `${step.version}${seen}`, below: notes };
    }
  }
}

/** Every version that has, had or gets a share, with a bar of it as it is now. */
function weightBars(now: Weights, concerned: Weights, paper: Paper): string {
  const versions = Object.keys(concerned);
  const cells = columnsOf(paper) >= 100 ? 20 : 10;
  return versions.map((version) => `${version} ${bar(now[version] ?? 0, cells)} ${share(now[version] ?? 0)}`).join('   ');
}

/** Said where it was reached: from here on the version left can do no more harm. */
function safeLine({ state, until }: StepProgress, { plan, safe, createdAt }: OperationProgress): readonly string[] {
  if (state !== 'done' || safe === null || until === null || until - createdAt !== safe) return [];
  const what = plan.steps.some(({ kind }) => kind === 'point')
    ? 'pointer moved'
    : plan.kind === 'deploy' || plan.kind === 'promote'
      ? `all traffic on ${plan.to}`
      : 'traffic safe';
  return [`◀ ${what} at ${elapsed(safe, true)}`];
}

/** The verdict, where it was reached. */
function decisionLine({ watch, step }: StepProgress, { decision, steps, stepsDone }: OperationProgress): readonly string[] {
  return watch && decision && steps[stepsDone]?.step === step ? [`decided: ${decision.action}. ${decision.because}`] : [];
}

function verdictLine({ step }: StepProgress, { decision, steps, stepsDone }: OperationProgress): readonly string[] {
  return decision && steps[stepsDone]?.step === step ? [`decided: ${decision.action}. ${decision.because}`] : [];
}
