import type { ExitCode } from '../model/errors.ts';
import { shareOf } from '../model/observation.ts';
import type { Operation } from '../model/operation.ts';
import { lastShare, type Plan } from '../model/plan.ts';
import { exitOf, type Outcome, problemOf } from '../operate/outcome.ts';
import { command, type Flags, serviceOf } from './command.ts';
import { documentOf } from './document.ts';
import { duration } from './duration.ts';
import { labelled, paragraph } from './line.ts';
import { share } from './number.ts';
import type { Icon, Paper } from './paper.ts';
import { planTitles } from './plan.ts';
import { problemLines, problemView, type ProblemView } from './problem.ts';
import type { OperationProgress } from './progress.ts';
import { printed } from './screen.ts';
import { sentence, versionOrNothing } from './sentence.ts';

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
  readonly next: readonly { readonly label: string; readonly command: string }[];
}

export interface OutcomeOptions {
  /** Of the operation that decided the end, where its events were seen. */
  readonly progress?: OperationProgress | null;
  /** `INC-12`, where one was opened. */
  readonly incident?: string | null;
  readonly flags?: Flags;
}

export function outcomeView(outcome: Outcome, { progress = null, incident = null, flags = [] }: OutcomeOptions = {}): OutcomeView {
  const exit = exitOf(outcome);
  const problem = problemOf(outcome);
  const base = { exit, incident, operation: null, by: null, safe: null, verified: null, problem: problem ? problemView(problem, exit) : null };
  switch (outcome.kind) {
    case 'nothing':
      return { ...base, operation: outcome.operation, icon: exit === 0 ? 'done' : 'warning', summary: `Nothing to do: ${outcome.why}${exit === 0 ? '' : ', but was not verified'}`, next: [] };
    case 'planned':
      return { ...base, icon: 'waiting', summary: 'Nothing was done: the plan waits', next: [] };
    case 'ran': {
      const decisive = outcome.by ?? outcome.operation;
      const safe = progress?.id === decisive.id ? progress.safe : null;
      const verified = decisive.verified === true && decisive.endedAt !== null && decisive.plan.steps.some(({ kind }) => kind === 'confirm') ? decisive.endedAt - decisive.createdAt : null;
      const times = { safe, verified };
      return {
        ...base,
        ...times,
        icon: iconOf(decisive),
        operation: outcome.operation,
        by: outcome.by,
        summary: [outcome.by ? `${sentence(fateOf(outcome.operation, outcome.by))} ` : '', summaryOf(decisive, times), incident === null ? '' : ` Incident ${incident}.`].join(''),
        next: nextOf(decisive, flags),
      };
    }
  }
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

function fateOf(asked: Operation, by: Operation): string {
  const { from, to } = asked.plan;
  if (by.kind === 'promote') return asked.decision?.because ?? `${to} was promoted`;
  const why = asked.decision?.because ?? by.reason;
  return by.plan.to === to ? `operation ${by.id} took over` : `${to} was taken back${from === null ? '' : ` to ${by.plan.to}`} by ${by.actor}: ${why}`;
}

function summaryOf(operation: Operation, times: { readonly safe: number | null; readonly verified: number | null }): string {
  const { plan, state, id } = operation;
  switch (state) {
    case 'completed':
      return completed(operation, times);
    case 'open':
      return operation.problem
        ? `The ${plan.kind} of ${plan.to} stopped where it stands.`
        : `${plan.to} has ${share(lastShare(plan))} of ${plan.service}${plan.from === null ? '' : `, ${plan.from} has ${share(shareOfFrom(plan))}`}. The ${plan.kind} stays open.`;
    case 'running':
      return `Operation ${id} (${plan.kind} to ${plan.to}) goes on without this command: ${plan.continues}.`;
    case 'failed':
      return `${planTitles[plan.kind]} to ${plan.to} failed before any traffic moved.`;
    case 'stuck':
      return `${planTitles[plan.kind]} to ${plan.to} is stuck and needs a person.`;
    case 'superseded':
      return `Operation ${id} was taken over by ${operation.supersededBy ?? 'another one'}.`;
    case 'abandoned':
      return `Operation ${id} was abandoned where it stood.`;
  }
}

function completed({ plan, verified, trigger }: Operation, times: { readonly safe: number | null; readonly verified: number | null }): string {
  const backwards = plan.kind === 'rollback' || plan.kind === 'abort' || plan.kind === 'drill';
  const pointerOnly = plan.steps.every(({ kind }) => kind === 'point');
  const where = backwards ? `Back on ${plan.to}.` : `${plan.to} is in production${plan.from === null || plan.from === plan.to ? '' : ` in place of ${plan.from}`}.`;
  const reached = pointerOnly ? '' : backwards ? 'traffic safe' : 'all traffic moved';
  const parts = [
    ...(times.safe === null || pointerOnly ? [] : [`${reached} in ${duration(times.safe)}`]),
    ...(times.verified === null ? [] : [`verified in ${duration(times.verified)}`]),
    ...(verified === false ? ['not verified'] : []),
  ];
  const marked = (plan.kind === 'rollback' || (plan.kind === 'abort' && trigger.kind !== 'person')) && plan.from !== null;
  return [
    where,
    ...(parts.length === 0 ? [] : [sentence(parts.join(', '))]),
    ...(pointerOnly ? ['Only the pointer of the registry moved; nothing that serves was touched.'] : []),
    ...(marked ? [`Held; ${plan.from} quarantined.`] : []),
  ].join(' ');
}

function shareOfFrom(plan: Plan): number {
  const last = plan.steps.filter((step) => step.kind === 'route').at(-1);
  return plan.from === null || last === undefined ? 0 : shareOf(last.weights, plan.from);
}

function nextOf({ id, plan, state, trigger }: Operation, flags: Flags): OutcomeView['next'] {
  const service = serviceOf(plan, flags);
  switch (state) {
    case 'completed':
      if (plan.kind === 'rollback' || (plan.kind === 'abort' && trigger.kind !== 'person')) {
        return [
          { label: 'undo', command: undo(plan, flags) },
          { label: 'lift hold', command: command(['unhold', ...service], flags) },
        ];
      }
      return plan.kind === 'deploy' || plan.kind === 'promote' ? [{ label: 'take back', command: command(['rollback', ...service], flags) }] : [];
    case 'open':
      return [
        { label: 'go on', command: command(['promote', ...service], flags) },
        { label: 'watch', command: command(['guard', ...service], flags) },
        { label: 'take back', command: command(['abort', ...service], flags) },
      ];
    case 'running':
    case 'superseded':
      return [{ label: 'follow', command: command(['status', ...service, '-w'], flags) }];
    case 'stuck':
      return [{ label: 'go on', command: command(['resume', id], flags) }];
    case 'failed':
    case 'abandoned':
      return [{ label: 'look', command: command(['status', ...service], flags) }];
  }
}

/** A version that held everything is rolled back to; one that never did, a canary, is deployed again. */
function undo(plan: Plan, flags: Flags): string {
  const left = versionOrNothing(plan.from);
  const held = plan.planned.weights[left] === 100 || plan.planned.pointer === left;
  if (held) return command(['rollback', ...serviceOf(plan, flags), '--to', left, '--override', 'quarantine'], flags);
  const version = serviceOf(plan, flags).length === 0 ? left : `${plan.service}@${left}`;
  return command(['deploy', version, '--override', 'hold', '--override', 'quarantine'], flags);
}
