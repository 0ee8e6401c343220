import type { ExitCode } from '../model/errors.ts';
import type { Operation } from '../model/operation.ts';
import { exitOf, type Outcome, problemOf } from '../operate/outcome.ts';
import type { Flags } from './command.ts';
import { documentOf } from './document.ts';
import { labelled, paragraph } from './line.ts';
import type { Icon, Paper } from './paper.ts';
import { fateOf, summaryOf } from './outcome-summary.ts';
import { type NextCommand, nextOf } from './outcome-next.ts';
import { problemLines, problemView, type ProblemView } from './problem.ts';
import type { OperationProgress } from './progress.ts';
import { printed } from './screen.ts';
import { sentence } from './sentence.ts';

/** How a changing command ended: one sentence, what is wrong if anything is, and commands that go on from here. */
export interface OutcomeView {
  readonly exit: ExitCode;
  readonly icon: Icon;
  readonly summary: string;
  readonly operation: Operation | null;
  readonly by: Operation | null;
  /** Milliseconds from the beginning; null where not reached or not known. */
  readonly safe: number | null;
  readonly verified: number | null;
  readonly incident: string | null;
  readonly problem: ProblemView | null;
  readonly next: readonly NextCommand[];
  /** Why it was done without the registry; absent in the usual case. */
  readonly breakGlass?: string;
}

export interface OutcomeOptions {
  readonly breakGlass?: string | null;
  /** Of the operation that decided the end, where its events were seen. */
  readonly progress?: OperationProgress | null;
  /** `INC-12`, where one was opened. */
  readonly incident?: string | null;
  readonly flags?: Flags;
  /** Whether a guard has something to judge by; left out: it has. */
  readonly judged?: boolean;
}

export function outcomeView(
  outcome: Outcome,
  { progress = null, incident = null, flags = [], breakGlass = null, judged = true }: OutcomeOptions = {},
): OutcomeView {
  const exit = exitOf(outcome);
  const problem = problemOf(outcome);
  const base = {
    exit,
    incident,
    operation: null,
    by: null,
    safe: null,
    verified: null,
    problem: problem ? problemView(problem, exit) : null,
    ...(breakGlass === null ? {} : { breakGlass }),
  };
  switch (outcome.kind) {
    case 'nothing':
      return {
        ...base,
        operation: outcome.operation,
        icon: exit === 0 ? 'done' : 'warning',
        summary: `Nothing to do: ${outcome.why}${exit === 0 ? '' : ', but was not verified'}`,
        next: [],
      };
    case 'planned':
      return { ...base, icon: 'waiting', summary: 'Nothing was done: the plan waits', next: [] };
    case 'ran': {
      const decisive = outcome.by ?? outcome.operation;
      const safe = progress?.id === decisive.id ? progress.safe : null;
      const verified =
        decisive.verified === true && decisive.endedAt !== null && decisive.plan.steps.some(({ kind }) => kind === 'confirm')
          ? decisive.endedAt - decisive.createdAt
          : null;
      const times = { safe, verified };
      return {
        ...base,
        ...times,
        icon: iconOf(decisive),
        operation: outcome.operation,
        by: outcome.by,
        summary: [
          outcome.by ? `${sentence(fateOf(outcome.operation, outcome.by))} ` : '',
          summaryOf(decisive, times),
          incident === null ? '' : ` Incident ${incident}.`,
          breakGlass === null ? '' : ` ${withoutRegistry(breakGlass)}.`,
        ].join(''),
        next: nextOf(decisive, flags, judged),
      };
    }
  }
}

function withoutRegistry(why: string): string {
  return `Done without the registry: ${why}. Pointer, history and incident follow with the next changing command once it is back`;
}

export function outcomeDocument(view: OutcomeView): string {
  return documentOf('outcome', view);
}

export function outcomeText(view: OutcomeView, paper: Paper): string {
  return printed([
    ...paragraph(paper, [{ icon: view.icon }, ' '], sentence(view.summary)),
    ...(view.problem ? problemLines(view.problem, paper) : []),
    ...view.next.flatMap(({ label, command: line }) => labelled(paper, label, line)),
  ]);
}

function iconOf({ state, verified, problem }: Operation): Icon {
  if (state === 'completed') return verified === false ? 'warning' : 'done';
  if (state === 'failed' || state === 'stuck') return 'failed';
  return state === 'open' && problem === null ? 'done' : 'warning';
}
