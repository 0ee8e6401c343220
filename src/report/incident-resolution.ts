import type { Harm } from '../record/impact.ts';
import type { Incident, Moved } from '../record/incident-view.ts';
import { command } from './command.ts';
import { duration } from './duration.ts';
import { blank, type Block, paragraph, type Section, type Text } from './incident-page.ts';
import { verifiedText } from './incident-timeline.ts';
import { goodOf, notesOf, rateText } from './incident-words.ts';
import { count } from './number.ts';
import { counted, versionOrNothing } from './sentence.ts';
import { weightsText } from './step.ts';

/** Why it happened is for people to say; what is known of the symptoms stands beside. */
export function rootCauseSection(incident: Incident): Section {
  const notes = notesOf(incident, 'root-cause');
  const symptoms = symptomsOf(incident);
  return {
    title: 'Root Cause',
    blocks: [
      ...(notes.length > 0 ? notes : [paragraph(blank)]),
      ...(symptoms.length > 0 ? [paragraph('Known of the symptoms:'), { kind: 'list', items: symptoms } as const] : []),
    ],
  };
}

function symptomsOf(incident: Incident): readonly Text[] {
  const { impact, evidence, difference, from } = incident;
  const worse = impact.harms.filter(({ excess }) => excess !== null && excess > 0);
  const failed = evidence?.decision.cause === 'failed' ? [[evidence.decision.because]] : [];
  const breaking =
    difference && difference.breakingChanges.length > 0
      ? [
          [
            `${from} declares ${counted(difference.breakingChanges.length, 'breaking change')} and ${counted(difference.migrations.length, 'migration')} of its own`,
          ],
        ]
      : [];
  return [...failed, ...worse.map((harm) => [symptom(harm, incident)]), ...breaking];
}

function symptom({ kind, bad, stable, excess }: Harm, incident: Incident): string {
  return `${kind} of ${incident.from}: ${rateText(bad)}, of ${goodOf(incident)}: ${rateText(stable)}; about ${count(excess ?? 0)} more than expected (estimate)`;
}

/** What sofare did, then what people did. */
export function resolutionSection(incident: Incident): Section {
  const notes = notesOf(incident, 'resolution');
  return {
    title: 'Resolution',
    blocks: [
      { kind: 'list', items: deedsOf(incident) },
      ...(incident.notRolledBack.length > 0
        ? [paragraph('Not taken back by this:'), { kind: 'list', items: incident.notRolledBack.map((line) => [line]) } as const]
        : []),
      ...(notes.length > 0 ? notes : [paragraph('What people did to mend the cause: ', blank)]),
    ],
  };
}

function deedsOf(incident: Incident): readonly Text[] {
  const { kind, state, from, to, service, served, milestones, times, moved, marks, operation } = incident;
  if (kind === 'undecided')
    return [
      [
        state === 'open'
          ? `Nothing was taken back: ${from} keeps its share beside ${goodOf(incident)}`
          : `The deploy of ${from} went on or was ended by another operation`,
      ],
    ];
  const target = versionOrNothing(to);
  const back: Text =
    !served && milestones.safe !== null
      ? [`The pointer of ${service} went back to ${target}; nothing that serves was touched`]
      : milestones.safe !== null && times.safe !== null
        ? [`Traffic went back to ${target} in ${duration(times.safe)}`]
        : milestones.safe !== null
          ? [`Traffic went back to ${target}`]
          : [
              `Traffic did not go back to ${target}${operation.problem ? `: ${operation.problem.what} (${operation.problem.why})` : ' yet'}`,
            ];
  const seen: readonly Text[] = !served
    ? []
    : milestones.verified !== null && moved.identity
      ? [['Verified: ', ...verifiedText({ version: target, ...moved.identity })]]
      : milestones.ended !== null && milestones.safe !== null
        ? [[`Not verified${operation.problem ? `: ${operation.problem.what} (${operation.problem.why})` : ''}`]]
        : [];
  const taken = operation.takeovers.map(
    ({ owner, before, after, at, because }): Text => [
      `${after === 'interrupted' ? `Process ${before.process} was gone in the middle; process` : 'Process'} ${owner.process} on ${owner.host} went on at ${new Date(at).toISOString()}: ${because}`,
    ],
  );
  return [
    back,
    ...seen,
    ...taken,
    ...(marks.held
      ? [[`New versions were kept out (hold)${marks.holdStands ? ', and still are' : '; that was lifted since'}`]]
      : []),
    ...(marks.quarantined
      ? [[`${from} was quarantined${marks.quarantineStands ? ', and still is' : '; that was lifted since'}`]]
      : []),
  ];
}

export function movedSection({ kind, moved, served, planNotes }: Incident): Section {
  if (kind === 'undecided') return { title: 'What Was Moved', blocks: [] };
  const rows: Block[] = [
    { kind: 'table', columns: [{ title: 'what' }, { title: 'before' }, { title: 'after' }], rows: movedRows(moved, served) },
  ];
  return {
    title: 'What Was Moved',
    blocks: [
      ...rows,
      ...(planNotes.length > 0
        ? [paragraph('The plan said:'), { kind: 'list', items: planNotes.map((note) => [note]) } as const]
        : []),
    ],
  };
}

function movedRows({ weights, pointer, copies }: Moved, served: boolean): readonly (readonly Text[])[] {
  return [
    ...(served
      ? [
          [
            ['traffic'],
            [weightsText(weights.before)],
            [weights.after === null ? 'not moved' : weightsText(weights.after)],
          ] as const,
        ]
      : []),
    [['pointer'], [versionOrNothing(pointer.before)], [pointer.after ?? 'not moved']],
    ...copies.map(
      ({ version, before, after }) =>
        [[`ready copies of ${version}`], [before === null ? 'not known' : count(before)], [`at least ${count(after)}`]] as const,
    ),
  ];
}

/** To look at the incident again. */
export function showCommand({ number }: Pick<Incident, 'number'>): string {
  return command(['incident', 'show', String(number)]);
}
