import { type ExitCode, exit, type Problem, type Touched } from '../model/errors.ts';
import type { Operation } from '../model/operation.ts';
import type { OutcomeView } from './outcome.ts';

/** How a command ended, as the later steps of a pipeline are told. Times in milliseconds; empty where not known. */
export interface PipelineEnd {
  readonly exit: ExitCode;
  readonly sentence: string;
  readonly outputs: Readonly<Record<(typeof outputNames)[number], string>>;
}

export const outputNames = [
  'result',
  'exit-code',
  'rollback',
  'changed',
  'from',
  'to',
  'operation',
  'incident',
  'safe-ms',
  'verified-ms',
  'reason',
] as const;

export function endOfOutcome(view: OutcomeView): PipelineEnd {
  const decisive = view.by ?? view.operation;
  return {
    exit: view.exit,
    sentence: view.summary,
    outputs: {
      ...outputsOf(view.exit, decisive === null ? 'no' : touchedBy(decisive)),
      'from': decisive?.plan.from ?? '',
      'to': decisive?.plan.to ?? '',
      'operation': decisive?.id ?? '',
      'incident': view.incident ?? '',
      'safe-ms': view.safe === null ? '' : String(view.safe),
      'verified-ms': view.verified === null ? '' : String(view.verified),
      'reason': decisive === null ? '' : reasonOf(decisive),
    },
  };
}

export function endOfProblem({ what, why, next, touched }: Problem, code: ExitCode): PipelineEnd {
  return { exit: code, sentence: `${what}: ${why}. Next: ${next}`, outputs: { ...outputsOf(code, touched), 'reason': why } };
}

function outputsOf(code: ExitCode, touched: Touched): PipelineEnd['outputs'] {
  const result = resultOf(code);
  const changed = { yes: 'true', no: 'false', unknown: 'unknown' }[touched];
  const nothing = { 'from': '', 'to': '', 'operation': '', 'incident': '', 'safe-ms': '', 'verified-ms': '', 'reason': '' };
  return { ...nothing, result, 'exit-code': String(code), 'rollback': String(result === 'taken-back'), changed };
}

function touchedBy({ state }: Operation): Touched {
  if (state === 'completed' || state === 'open') return 'yes';
  return state === 'failed' ? 'no' : 'unknown';
}

function reasonOf({ trigger, reason }: Operation): string {
  return trigger.kind === 'guard' ? trigger.decision.because : reason;
}

/** One word for each end that a pipeline would treat in its own way. */
function resultOf(code: ExitCode): string {
  switch (code) {
    case exit.done:
      return 'done';
    case exit.takenBack:
      return 'taken-back';
    case exit.unverified:
      return 'unverified';
    case exit.undecided:
      return 'undecided';
    case exit.stuck:
      return 'stuck';
    case exit.pending:
      return 'pending';
    case exit.interrupted:
      return 'interrupted';
    case exit.unknown:
    case exit.bug:
      return 'unknown';
    case exit.usage:
    case exit.notFound:
    case exit.refused:
    case exit.laneTaken:
    case exit.notReady:
      return 'refused';
  }
}
