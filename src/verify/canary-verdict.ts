import { type AnalysisRun, isComplete } from '../model/analysis.ts';
import type { Decision } from '../model/evidence.ts';
import type { CanaryRun } from '../model/operation.ts';
import type { CanaryStep } from './canary-run.ts';

/** What a canary's step comes to, as it stands. */
export type CanaryVerdict =
  | { readonly kind: 'goes on' }
  | { readonly kind: 'passed'; readonly because: string }
  /** Until a person promotes: nothing is wrong. */
  | { readonly kind: 'waits' }
  | { readonly kind: 'ends'; readonly decision: Decision };

/** Argo's: failed and error take the version back, inconclusive waits for a person, and an analysis beside the steps can end any of them. */
export function canaryVerdict(step: CanaryStep, run: CanaryRun, now: number, failed: string | null): CanaryVerdict {
  const ends = (action: 'roll back' | 'pause', cause: Decision['cause'], because: string): CanaryVerdict => ({
    kind: 'ends',
    decision: decisionOf(action, cause, because),
  });
  if (failed !== null) return ends('roll back', 'failed', `${step.version} has failed: ${failed}`);
  const beside = badEnd(run.background);
  if (beside) return ends(beside, 'evidence', `the analysis beside the steps is ${phaseText(run.background)}`);
  const own = badEnd(run.inline);
  if (own)
    return ends(
      own,
      'evidence',
      `the analysis ${step.kind === 'analysis' ? step.analysis.name : ''} is ${phaseText(run.inline)}`,
    );
  if (step.kind === 'analysis')
    return run.inline && isComplete(run.inline.phase) ? { kind: 'passed', because: passText(run.inline) } : { kind: 'goes on' };
  // As in Argo, what is measured beside the steps goes on while it waits.
  if (step.for === null) return run.background && !isComplete(run.background.phase) ? { kind: 'goes on' } : { kind: 'waits' };
  return now - run.since >= step.for ? { kind: 'passed', because: 'its time is over' } : { kind: 'goes on' };
}

function badEnd(run: AnalysisRun | null): 'roll back' | 'pause' | null {
  if (run?.phase === 'Failed' || run?.phase === 'Error') return 'roll back';
  return run?.phase === 'Inconclusive' ? 'pause' : null;
}

function phaseText(run: AnalysisRun | null): string {
  const { phase = 'gone', message = '', results = [] } = run ?? {};
  // What was said of the measurement that ended it: a metric that judges by evidence says which, and how much.
  const said = results.flatMap(({ phase: came, measurements }) => (came === phase ? [measurements.at(-1)?.message ?? ''] : []));
  const more = said.filter((each) => each !== '' && !message.includes(each));
  return [`${phase.toLowerCase()}: ${message || 'no reason was given'}`, ...more].join('; ');
}

function passText({ results }: AnalysisRun): string {
  return results
    .map(({ name, count, measurements }) => `${name} passed, ${count} measured, last ${measurements.at(-1)?.value || 'nothing'}`)
    .join('; ');
}

function decisionOf(action: 'roll back' | 'pause', cause: Decision['cause'], because: string): Decision {
  const verdict = action === 'pause' ? 'inconclusive' : 'regressed';
  // A fixed threshold has neither evidence against a bar nor a bound on being wrong.
  return { action, verdict, cause, because, metrics: [], logE: 0, bar: 0, exposure: { had: 0, needed: 0 } };
}
