import type { Exposure } from './exposure.ts';
import type { Decided } from './evidence.ts';
import type { IncidentOperation, Milestones, Times } from './incident-view.ts';
import { type Chapter, isUndecided } from './story.ts';

export function milestonesOf(
  own: Chapter,
  carriers: readonly Chapter[],
  exposure: Exposure,
  decided: Decided | null,
): Milestones {
  const deployed = (carriers.find(({ operation }) => operation.kind === 'deploy') ?? carriers[0])?.operation.createdAt ?? null;
  const detected = decided?.decision.action === 'roll back' ? decided.at : null;
  const nothing = { began: null, moving: null, safe: null, verified: null, ended: own.operation.endedAt };
  if (isUndecided(own)) return { deployed, exposed: exposure.since, detected, ...nothing };
  return {
    deployed,
    exposed: exposure.since,
    detected,
    began: own.operation.createdAt,
    ...safeBetween(own),
    verified: verifiedAt(own),
    ended: own.operation.endedAt,
  };
}

/** The end of the step with which everything is on the wanted version. After another plan only its steps count. */
function safeBetween({ operation, journal }: Chapter): Pick<Milestones, 'moving' | 'safe'> {
  const last = operation.plan.steps.findLastIndex(({ kind }) => kind === 'route' || kind === 'point');
  const replanned = journal.findLastIndex(({ event }) => event.kind === 'replanned');
  const steps = journal.slice(replanned + 1);
  const first = (wanted: 'intended' | 'step-done'): number | null =>
    steps.find(({ event }) => event.kind === wanted && event.step === last)?.at ?? null;
  return { moving: first('intended'), safe: first('step-done') };
}

/** Only what an endpoint said counts: where nothing but a pointer moved there is nothing to verify. */
function verifiedAt({ operation, journal }: Chapter): number | null {
  if (operation.verified !== true || !operation.results.some(({ identity }) => identity !== undefined)) return null;
  return journal.findLast(({ event }) => event.kind === 'step-done' && event.result.identity !== undefined)?.at ?? null;
}

export function timesOf(milestones: Milestones): Times {
  const { exposed, detected, began, safe, verified } = milestones;
  const until = verified !== null ? 'verified' : safe !== null ? 'safe' : null;
  const duration = span(exposed, verified ?? safe);
  return {
    detect: span(exposed, detected),
    decide: span(detected, began),
    safe: span(began, safe),
    verify: span(safe, verified),
    exposedBeforeCommand: detected === null ? span(exposed, began) : null,
    duration,
    durationUntil: duration === null ? null : until,
  };
}

/** Null where one end is missing, or the wall clock was set back in between: no number is better than a wrong one. */
function span(from: number | null, to: number | null): number | null {
  return from === null || to === null || to < from ? null : to - from;
}

export function incidentState({
  state,
  verified,
}: Pick<IncidentOperation, 'state' | 'verified'>): 'open' | 'mitigated' | 'unverified' | 'failed' | 'superseded' {
  switch (state) {
    case 'running':
    case 'open':
    case 'stuck':
      return 'open';
    case 'completed':
      return verified === false ? 'unverified' : 'mitigated';
    case 'failed':
    case 'abandoned':
      return 'failed';
    case 'superseded':
      return 'superseded';
  }
}
