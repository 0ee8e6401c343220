import type { JournalRow } from '../execute/journal.ts';
import type { Problem } from '../model/errors.ts';
import type { Decision } from '../model/evidence.ts';
import type { MetricName } from '../model/evidence.ts';
import type { Weights } from '../model/observation.ts';
import type { OperationKind, OperationState, Trigger } from '../model/operation.ts';
import type { StepKind } from '../model/plan.ts';
import type { IdentityGrade } from '../model/service.ts';
import { lastDecision, metricOf, onsetOf } from './evidence.ts';
import type { Counted } from './impact.ts';
import { markEntries } from './mark-entries.ts';
import type { Note } from './notes.ts';
import type { Chapter, Story } from './story.ts';
import { type Takeover, takeoversOf } from './takeovers.ts';
import type { Watch } from './watch.ts';

export interface TimelineEntry {
  readonly at: number;
  /** Who or what did it, as claimed. */
  readonly actor: string;
  /** Null for what no operation did. */
  readonly operation: string | null;
  readonly happening: Happening;
}

/** What happened, without words. Not each interval and not each step: what somebody would ask about afterwards. */
export type Happening =
  | {
      readonly what: 'began';
      readonly kind: OperationKind;
      readonly from: string | null;
      readonly to: string;
      readonly reason: string;
      readonly trigger: Trigger;
    }
  | ({ readonly what: 'taken-over' } & Omit<Takeover, 'at'>)
  | { readonly what: 'ready'; readonly version: string; readonly copies: number }
  | { readonly what: 'routed'; readonly weights: Weights; readonly safe: string | null }
  | { readonly what: 'pointed'; readonly version: string }
  | { readonly what: 'watching'; readonly version: string; readonly alpha: number }
  | {
      readonly what: 'first-bad';
      readonly metric: MetricName;
      readonly bad: Counted;
      readonly stable: Counted;
      readonly tolerate: number;
    }
  | { readonly what: 'crossed'; readonly metric: MetricName; readonly logE: number; readonly bar: number }
  | { readonly what: 'decided'; readonly action: Decision['action']; readonly because: string }
  | { readonly what: 'attempt-failed'; readonly step: StepKind; readonly times: number; readonly problem: Problem }
  | { readonly what: 'replanned'; readonly to: string; readonly because: string }
  | { readonly what: 'opened'; readonly version: string }
  | {
      readonly what: 'verified';
      readonly version: string;
      readonly grade: IdentityGrade;
      readonly copies: number;
      readonly requests: number;
    }
  | {
      readonly what: 'ended';
      readonly kind: OperationKind;
      readonly state: OperationState;
      readonly verified: boolean | null;
      readonly problem: Problem | null;
      readonly by: string | null;
    }
  | { readonly what: 'marked'; readonly mark: 'hold' | 'quarantine'; readonly version: string | null; readonly because: string }
  | { readonly what: 'lifted'; readonly mark: 'hold' | 'quarantine'; readonly version: string | null; readonly because: string }
  | { readonly what: 'judged'; readonly version: string; readonly as: 'baked' | 'regressed'; readonly because: string }
  | { readonly what: 'note'; readonly text: string };

export function timelineOf(story: Story, carriers: readonly Chapter[], watch: Watch | null): readonly TimelineEntry[] {
  const chapters = [...new Set([...carriers, story.own])];
  const known = new Set(chapters.map(({ operation }) => operation.id));
  return [
    ...chapters.flatMap((chapter) => chapterEntries(chapter, known)),
    ...onsetEntries(carriers, watch),
    ...markEntries(story, chapters),
    ...story.notes.filter(({ section }) => section === 'timeline').map(noteEntry),
  ].toSorted((one, other) => one.at - other.at || rank(one) - rank(other));
}

/** What was seen comes before what was done about it, where the clock cannot tell. */
function rank({ happening: { what } }: TimelineEntry): number {
  const order: readonly Happening['what'][] = ['first-bad', 'crossed', 'decided', 'ended', 'began', 'marked'];
  const found = order.indexOf(what);
  return found < 0 ? order.length : found;
}

function chapterEntries({ operation, journal }: Chapter, known: ReadonlySet<string>): readonly TimelineEntry[] {
  const { id, actor, plan } = operation;
  const entry = (at: number, happening: Happening, by = actor): TimelineEntry => ({ at, actor: by, operation: id, happening });
  const takeovers = takeoversOf(journal).map(({ at, ...takeover }) => entry(at, { what: 'taken-over', ...takeover }, 'sofare'));
  const rest = journal.flatMap(({ at, event }, index): readonly TimelineEntry[] => {
    switch (event.kind) {
      case 'created':
        return [
          entry(at, {
            what: 'began',
            kind: event.plan.kind,
            from: event.plan.from,
            to: event.plan.to,
            reason: operation.reason,
            trigger: event.trigger,
          }),
        ];
      case 'step-done':
        return stepEntries(plan.steps[event.step]?.kind, at, event, journal.slice(index)).map((happening) =>
          entry(at, happening),
        );
      case 'attempt-failed': {
        const failures = journal.filter(({ event: other }) => other.kind === 'attempt-failed' && other.step === event.step);
        const step = plan.steps[event.step]?.kind;
        return failures[0]?.event === event && step
          ? [entry(at, { what: 'attempt-failed', step, times: failures.length, problem: event.problem })]
          : [];
      }
      case 'replanned':
        return [entry(at, { what: 'replanned', to: event.plan.to, because: event.because })];
      case 'guarded':
        return [entry(at, { what: 'watching', version: plan.to, alpha: event.policy.alpha }, 'guard')];
      case 'decided':
        return [entry(at, { what: 'decided', action: event.decision.action, because: event.decision.because }, 'guard')];
      case 'opened':
        return [entry(at, { what: 'opened', version: plan.to })];
      case 'completed':
        return event.verified
          ? []
          : [
              entry(at, {
                what: 'ended',
                kind: plan.kind,
                state: 'completed',
                verified: false,
                problem: event.problem,
                by: null,
              }),
            ];
      case 'failed':
      case 'stuck':
        return [
          entry(at, { what: 'ended', kind: plan.kind, state: event.kind, verified: null, problem: event.problem, by: null }),
        ];
      case 'superseded':
        return known.has(event.by)
          ? []
          : [entry(at, { what: 'ended', kind: plan.kind, state: 'superseded', verified: null, problem: null, by: event.by })];
      case 'abandoned':
        return [
          entry(
            at,
            {
              what: 'ended',
              kind: plan.kind,
              state: 'abandoned',
              verified: null,
              problem: null,
              by: `${event.actor}: ${event.reason}`,
            },
            event.actor,
          ),
        ];
      case 'claimed':
      case 'intended':
      case 'extended':
      case 'evidence':
      case 'paused':
        return [];
    }
  });
  return [...takeovers, ...rest];

  function stepEntries(
    kind: StepKind | undefined,
    at: number,
    event: Extract<JournalRow['event'], { kind: 'step-done' }>,
    onwards: readonly JournalRow[],
  ): readonly Happening[] {
    const step = plan.steps[event.step];
    // The steps of a plan that was given up are not the plan's that stands.
    if (!step || kind === undefined || onwards.some(({ event: later }) => later.kind === 'replanned')) return [];
    switch (step.kind) {
      case 'wake':
        return [{ what: 'ready', version: step.version, copies: step.copies }];
      case 'route':
        return [
          { what: 'routed', weights: event.result.weights ?? step.weights, safe: step.weights[plan.to] === 100 ? plan.to : null },
        ];
      case 'point':
        return [{ what: 'pointed', version: step.version }];
      case 'confirm': {
        const { identity } = event.result;
        const confirmed =
          identity && !onwards.some((row) => row.at === at && row.event.kind === 'completed' && !row.event.verified);
        return confirmed ? [{ what: 'verified', version: step.version, ...identity }] : [];
      }
      case 'bake':
        return [];
    }
  }
}

function onsetEntries(carriers: readonly Chapter[], watch: Watch | null): readonly TimelineEntry[] {
  const decided = lastDecision(carriers);
  const onset = watch && decided && onsetOf(watch, decided.decision);
  if (!watch || !onset) return [];
  const { firstBad, crossed, metric, tolerate } = onset;
  const entry = (at: number, happening: Happening): TimelineEntry => ({
    at,
    actor: 'guard',
    operation: watch.operation,
    happening,
  });
  const counts = (arm: 'canary' | 'baseline'): Counted =>
    firstBad ? metricOf(metric).count(firstBad[arm], watch.state.thresholds) : { bad: 0, of: 0 };
  return [
    ...(firstBad
      ? [entry(firstBad.at, { what: 'first-bad', metric, bad: counts('canary'), stable: counts('baseline'), tolerate })]
      : []),
    ...(crossed
      ? [entry(crossed.at, { what: 'crossed', metric, logE: crossed.state.highest, bar: Math.log(1 / watch.policy.alpha) })]
      : []),
  ];
}

function noteEntry({ at, actor, text }: Note): TimelineEntry {
  return { at, actor, operation: null, happening: { what: 'note', text } };
}
