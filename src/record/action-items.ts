import type { LabelReceipt } from '../model/hosting.ts';
import type { Operation } from '../model/operation.ts';
import type { BundleDifference } from './bundle-difference.ts';
import type { Marks } from './incident-view.ts';
import type { Takeover } from './takeovers.ts';

/** Something that a fact of the incident asks for. Words and commands are the report's. */
export type ActionItem =
  | { readonly kind: 'finish'; readonly operation: string; readonly state: 'running' | 'stuck' }
  | { readonly kind: 'decide'; readonly service: string; readonly operation: string }
  | { readonly kind: 'not-taken-back'; readonly service: string }
  | { readonly kind: 'verify'; readonly service: string }
  | { readonly kind: 'hold-stands'; readonly service: string }
  | { readonly kind: 'quarantine-stands'; readonly service: string; readonly version: string }
  | { readonly kind: 'target-not-known-good'; readonly version: string; readonly mark: string }
  | { readonly kind: 'migrations'; readonly version: string; readonly migrations: readonly string[] }
  | { readonly kind: 'labels-late'; readonly late: number; readonly scored: number }
  | { readonly kind: 'labels-missing' }
  | { readonly kind: 'interrupted'; readonly operation: string; readonly process: string; readonly host: string }
  | { readonly kind: 'not-watched'; readonly version: string };

export interface ActionFacts {
  readonly operation: Operation;
  readonly undecided: boolean;
  readonly bad: string;
  readonly marks: Marks;
  readonly difference: BundleDifference | null;
  readonly labels: LabelReceipt | null;
  readonly served: boolean;
  readonly watched: boolean;
  /** By a policy, without comparing with the stable version. */
  readonly measured: boolean;
  readonly labelsUsed: boolean;
  readonly takeovers: readonly (Takeover & { readonly operation: string })[];
}

/** What still has to be done, as far as facts say so; the most urgent first. */
export function actionItems(facts: ActionFacts): readonly ActionItem[] {
  const { operation, undecided, bad, marks, difference, labels, served, watched, labelsUsed } = facts;
  const { id, service, state, plan, verified } = operation;
  const items: ActionItem[] = [];
  if (state === 'running' || state === 'stuck') items.push({ kind: 'finish', operation: id, state });
  if (undecided && state === 'open') items.push({ kind: 'decide', service, operation: id });
  if (!undecided && (state === 'failed' || state === 'abandoned')) items.push({ kind: 'not-taken-back', service });
  if (state === 'completed' && verified === false) items.push({ kind: 'verify', service });
  if (marks.held && marks.holdStands) items.push({ kind: 'hold-stands', service });
  if (marks.quarantined && marks.quarantineStands) items.push({ kind: 'quarantine-stands', service, version: bad });
  const mark = undecided
    ? undefined
    : (['not known good', 'imported', 'attested'] as const).find((each) => plan.notes.includes(`${plan.to} is ${each}`));
  if (mark) items.push({ kind: 'target-not-known-good', version: plan.to, mark });
  if (difference && difference.migrations.length > 0)
    items.push({ kind: 'migrations', version: bad, migrations: difference.migrations });
  if (labels && labels.late > 0) items.push({ kind: 'labels-late', late: labels.late, scored: labels.scored });
  if (watched && !labelsUsed) items.push({ kind: 'labels-missing' });
  if (served && !watched && !facts.measured) items.push({ kind: 'not-watched', version: bad });
  for (const { after, before, operation: of } of facts.takeovers) {
    if (after === 'interrupted') items.push({ kind: 'interrupted', operation: of, process: before.process, host: before.host });
  }
  return items;
}
