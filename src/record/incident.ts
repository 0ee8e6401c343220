import type { Readable } from '../store/store.ts';
import { actionItems } from './action-items.ts';
import { bundleDifference } from './bundle-difference.ts';
import { decidingMetric, evidenceOf, lastDecision } from './evidence.ts';
import { exposureOf, movesTraffic } from './exposure.ts';
import { impactOf, ownChecksOf } from './impact.ts';
import { incidentName, requireIncidentRow } from './incident-name.ts';
import type { Incident, IncidentOperation } from './incident-view.ts';
import { marksOf } from './mark-entries.ts';
import { incidentState, milestonesOf, timesOf } from './milestones.ts';
import { movedOf } from './moved.ts';
import { seriesOf } from './series.ts';
import { type Chapter, isUndecided, readStory, sidesOf, type Story } from './story.ts';
import { takeoversOf } from './takeovers.ts';
import { timelineOf } from './timeline.ts';
import { watchOf } from './watch.ts';

/** The incident of that name or number, read from the store and from nothing else. Fails with incident.unknown. */
export async function readIncident(database: Readable, name: string): Promise<Incident> {
  return incidentOf(await readStory(database, await requireIncidentRow(database, name)));
}

/** Everything a report says, from the rows alone: the same rows give the same report. */
export function incidentOf(story: Story): Incident {
  const { row, own, model, notes } = story;
  const { operation } = own;
  const undecided = isUndecided(own);
  const sides = sidesOf(own);
  const carriers = undecided ? [own] : story.before;
  const chapters = [...new Set([...carriers, own])];
  const exposure = exposureOf(story.history, operation, sides.bad);
  const watch = watchOf(carriers);
  const decided = lastDecision(carriers);
  const evidence = evidenceOf(watch, decided, sides);
  const milestones = milestonesOf(own, carriers, exposure, decided);
  const difference = story.good && story.bad ? bundleDifference(story.good, story.bad) : null;
  const marks = marksOf(story);
  const impact = impactOf(exposure, watch, ownChecksOf(carriers, sides.bad));
  const moved = movedOf(own, story.history, watch);
  const told = chapters.map(tell);
  return {
    number: row.number,
    name: incidentName(row.number),
    service: row.service,
    model,
    kind: undecided ? 'undecided' : 'taken-back',
    state: incidentState(operation),
    openedAt: row.openedAt,
    from: sides.bad,
    to: sides.good,
    served: movesTraffic(operation),
    operation: tell(own),
    takenBack: undecided ? [] : carriers.map(tell),
    trigger: operation.trigger,
    evidence,
    milestones,
    times: timesOf(milestones),
    impact,
    timeline: timelineOf(story, carriers, watch),
    moved,
    difference,
    marks,
    notRolledBack: undecided ? [] : operation.plan.notRolledBack,
    planNotes: operation.plan.notes,
    actions: actionItems({
      operation,
      undecided,
      bad: sides.bad,
      marks,
      difference,
      labels: moved.labels,
      served: movesTraffic(operation),
      watched: impact.watched !== null,
      measured: carriers.some(({ operation: { plan } }) => plan.policy !== undefined),
      labelsUsed: impact.harms.some(({ kind, bad }) => kind === 'wrong answers' && bad.of > 0),
      takeovers: told.flatMap(({ id, takeovers }) => takeovers.map((takeover) => ({ ...takeover, operation: id }))),
    }),
    notes,
    series: seriesOf(chapters, watch, decided === null ? null : (decidingMetric(decided.decision)?.metric ?? null)),
  };
}

function tell({ operation, journal }: Chapter): IncidentOperation {
  const { id, kind, state, plan, actor, reason, createdAt, endedAt, verified, problem, supersededBy } = operation;
  return {
    id,
    kind,
    state,
    from: plan.from,
    to: plan.to,
    actor,
    reason,
    createdAt,
    endedAt,
    verified,
    problem,
    supersededBy,
    takeovers: takeoversOf(journal),
  };
}
