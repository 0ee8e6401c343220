import type { JournalRow } from '../execute/journal.ts';
import type { Happening, TimelineEntry } from './happening.ts';
import type { Chapter } from './story.ts';
import { badMeasurements, lastCanary } from './bad-measurements.ts';
import { takeoversOf } from './takeovers.ts';

type Ended = Extract<Happening, { what: 'ended' }>;
type StepDone = Extract<JournalRow['event'], { kind: 'step-done' }>;

/** What an operation did, out of its journal. `known`: operations that are told of as well, so that their beginning ends this one. */
export function chapterEntries(chapter: Chapter, known: ReadonlySet<string>): readonly TimelineEntry[] {
  const { operation, journal } = chapter;
  const { id, actor, plan } = operation;
  const entry = (at: number, happening: Happening, by = actor): TimelineEntry => ({ at, actor: by, operation: id, happening });
  const ended = (at: number, how: Pick<Ended, 'state'> & Partial<Ended>, by = actor): readonly TimelineEntry[] => [
    entry(at, { what: 'ended', kind: plan.kind, verified: null, problem: null, by: null, ...how }, by),
  ];
  const takeovers = takeoversOf(journal).map(({ at, ...takeover }) => entry(at, { what: 'taken-over', ...takeover }, 'sofare'));
  const entriesOf = ({ at, event }: JournalRow, index: number): readonly TimelineEntry[] => {
    switch (event.kind) {
      case 'created': {
        const { kind, from, to } = event.plan;
        return [entry(at, { what: 'began', kind, from, to, reason: operation.reason, trigger: event.trigger })];
      }
      case 'step-done':
        return stepEntries(chapter, event, journal.slice(index)).map((happening) => entry(at, happening));
      case 'attempt-failed': {
        const failures = journal.filter(({ event: other }) => other.kind === 'attempt-failed' && other.step === event.step);
        const step = plan.steps[event.step]?.kind;
        if (failures[0]?.event !== event || step === undefined) return [];
        return [entry(at, { what: 'attempt-failed', step, times: failures.length, problem: event.problem })];
      }
      case 'replanned':
        return [entry(at, { what: 'replanned', to: event.plan.to, because: event.because })];
      case 'guarded':
        return [entry(at, { what: 'watching', version: plan.to, alpha: event.policy.alpha }, 'guard')];
      case 'measured':
        return badMeasurements(event.canary, lastCanary(journal.slice(0, index))).map((happening) =>
          entry(at, happening, 'policy'),
        );
      case 'decided':
        return [entry(at, { what: 'decided', action: event.decision.action, because: event.decision.because }, 'guard')];
      case 'opened':
        return [entry(at, { what: 'opened', version: plan.to })];
      case 'completed':
        return event.verified ? [] : ended(at, { state: 'completed', verified: false, problem: event.problem });
      case 'failed':
      case 'stuck':
        return ended(at, { state: event.kind, problem: event.problem });
      case 'superseded':
        return known.has(event.by) ? [] : ended(at, { state: 'superseded', by: event.by });
      case 'abandoned':
        return ended(at, { state: 'abandoned', by: `${event.actor}: ${event.reason}` }, event.actor);
      case 'claimed':
      case 'intended':
      case 'extended':
      case 'evidence':
      case 'paused':
        return [];
    }
  };
  return [...takeovers, ...journal.flatMap(entriesOf)];
}

function stepEntries({ operation }: Chapter, event: StepDone, onwards: readonly JournalRow[]): readonly Happening[] {
  const { plan } = operation;
  const step = plan.steps[event.step];
  // The steps of a plan that was given up are not those of the plan that stands.
  if (!step || onwards.some(({ event: later }) => later.kind === 'replanned')) return [];
  switch (step.kind) {
    case 'wake':
      return [{ what: 'ready', version: step.version, copies: step.copies }];
    case 'route': {
      const safe = step.weights[plan.to] === 100 ? plan.to : null;
      return [{ what: 'routed', weights: event.result.weights ?? step.weights, safe }];
    }
    case 'point':
      return [{ what: 'pointed', version: step.version }];
    case 'confirm': {
      const { identity } = event.result;
      const denied = onwards.some(({ event: later }) => later.kind === 'completed' && !later.verified);
      return identity && !denied ? [{ what: 'verified', version: step.version, ...identity }] : [];
    }
    case 'bake':
    case 'pause':
    case 'prove':
    case 'analysis':
      return [];
  }
}
