import type { OperationKind, Plan, Step } from '../model/plan.ts';
import type { Service } from '../model/service.ts';
import { commandOfPlan, type Flags } from './command.ts';
import { documentOf } from './document.ts';
import { duration } from './duration.ts';
import { columnsUsed, labelled, labelledList, lineOf, paragraph } from './line.ts';
import { count } from './number.ts';
import { columnsOf, type Paper } from './paper.ts';
import { printed } from './screen.ts';
import { versionOrNothing } from './sentence.ts';
import { stepText } from './step.ts';

export const planTitles: Readonly<Record<OperationKind, string>> = {
  deploy: 'Deploy',
  promote: 'Promote',
  abort: 'Abort',
  rollback: 'Roll back',
  drill: 'Drill',
};

export interface PlanRow {
  readonly name: Step['kind'] | 'hold' | 'quarantine' | 'retire';
  readonly what: string;
}

/** A plan as it is shown before anything moves. */
export interface PlanView {
  readonly plan: Plan;
  readonly rows: readonly PlanRow[];
  /** Work that follows the operation and holds nobody up. */
  readonly follows: readonly PlanRow[];
  /** Which state is used, and how it was found. */
  readonly state: string;
  readonly next: string;
}

export interface PlanOptions {
  readonly service: Pick<Service, 'serving' | 'keep' | 'bake'>;
  readonly state: string;
  /** The file the plan was written to, or null. */
  readonly file?: string | null;
  readonly flags?: Flags;
}

export function planView(plan: Plan, { service, state, file = null, flags = [] }: PlanOptions): PlanView {
  return {
    plan,
    rows: [...marks(plan), ...stepRows(plan, service)],
    follows: follows(plan, service),
    state,
    next: commandOfPlan(plan, file, flags),
  };
}

export function planDocument({ plan, rows, follows, state, next }: PlanView): string {
  return documentOf('plan', { ...plan, rows, follows, state, next });
}

export function planText(view: PlanView, paper: Paper): string {
  const { plan, rows, follows } = view;
  return printed([
    ...header(plan, paper),
    '',
    ...rows.flatMap((row, index) => rowLines(paper, String(index + 1), row)),
    ...follows.flatMap((row) => rowLines(paper, '', row)),
    '',
    ...labelledList(paper, 'not rolled back', plan.notRolledBack, 17),
    ...labelledList(paper, 'notes', plan.notes, 17),
    ...labelled(paper, 'expected', expectedText(plan), 17),
    ...labelled(paper, 'continued by', plan.continues, 17),
    ...labelled(paper, 'state', view.state, 17),
    ...labelled(paper, 'plan', `${plan.fingerprint}, valid while weights, digests, pointer, fence and lane stay as they are`, 17),
    ...labelled(paper, 'next', view.next, 17),
  ]);
}

/** The creating transaction marks what is left: by hand an abort or a drill sets neither. */
function marks({ kind, from, service }: Plan): readonly PlanRow[] {
  if (kind !== 'rollback' || from === null) return [];
  return [
    { name: 'hold', what: `new versions stay out of ${service} until unhold` },
    { name: 'quarantine', what: `${from} is marked as never to go back to` },
  ];
}

function stepRows({ steps, planned }: Plan, { serving }: PlanOptions['service']): readonly PlanRow[] {
  let { weights, pointer } = planned;
  return steps.map((step) => {
    const what = stepText(step, { weights, pointer, least: serving?.least ?? null });
    if (step.kind === 'route') [weights, pointer] = [step.weights, step.point ?? pointer];
    if (step.kind === 'point') pointer = step.version;
    return { name: step.kind, what };
  });
}

function follows(plan: Plan, { serving, keep, bake }: PlanOptions['service']): readonly PlanRow[] {
  const full = plan.steps.some((step) => step.kind === 'confirm');
  const fresh: PlanRow[] =
    plan.fresh === undefined
      ? []
      : [
          {
            name: 'retire',
            what: `${plan.fresh} is stopped${full ? '' : `, once ${plan.to} is promoted or taken back`}`,
          },
        ];
  if (!serving || !full) return fresh;
  const retire: PlanRow[] =
    plan.from === null || plan.from === plan.to
      ? []
      : [
          {
            name: 'retire',
            what: keptText(plan.from, plan.keepLeft === undefined ? keep.warm : plan.keepLeft),
          },
        ];
  const baked = plan.kind === 'deploy' || plan.kind === 'promote';
  const watched: PlanRow[] = baked
    ? [
        {
          name: 'bake',
          what: `${plan.to} is known good after ${duration(bake.for)}${serving.traffic.kind === 'proxy' ? ` and ${count(bake.requests)} requests` : ''} at 100%`,
        },
      ]
    : [];
  return [...fresh, ...retire, ...watched];
}

function keptText(version: string, kept: number | null): string {
  if (kept === null) return `the copies of ${version} are kept until somebody stops them`;
  return kept === 0
    ? `the copies of ${version} are stopped`
    : `${version} is kept ${duration(kept)}, then its copies are stopped`;
}

function header(plan: Plan, paper: Paper): readonly string[] {
  const title = `${planTitles[plan.kind]} ${plan.service}   ${versionOrNothing(plan.from)} → ${plan.to}`;
  const beside = [`${title}      why: ${plan.why}`];
  if (columnsUsed(paper, beside) <= columnsOf(paper)) return [lineOf(paper, ...beside)];
  return [...paragraph(paper, [], title), ...labelled(paper, 'why:', plan.why, 5)];
}

function rowLines(paper: Paper, number: string, { name, what }: PlanRow): readonly string[] {
  return paragraph(paper, [`  ${number.padStart(2)}  ${name.padEnd(12)}`], number === '' ? `then: ${what}` : what);
}

function expectedText({ expected }: Plan): string {
  return expected === null
    ? 'not known'
    : `${duration(expected.safe)} to safe traffic, ${duration(expected.verified)} to verified`;
}
