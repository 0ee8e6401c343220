import type { Incident } from '../record/incident-view.ts';
import type { Happening, TimelineEntry } from '../record/happening.ts';
import { duration } from './duration.ts';
import { blank, type Section, type Text } from './incident-page.ts';
import { clockText, metricText, metricWords, oddsText } from './incident-words.ts';
import { measured, percent } from './number.ts';
import { counted, versionOrNothing } from './sentence.ts';
import { weightsText } from './step.ts';

export function timelineSection(incident: Incident): Section {
  const entries = incident.timeline.map((entry) => ({
    time: clockText(entry.at, incident.openedAt),
    actor: entry.actor,
    text: happeningText(entry),
  }));
  const unseen =
    incident.kind === 'taken-back' && incident.takenBack.length === 0
      ? [{ time: 'before', actor: '', text: [`how ${incident.from} came into production: `, blank] }]
      : [];
  return { title: 'Timeline', blocks: [{ kind: 'timeline', entries: [...unseen, ...entries] }] };
}

const nouns = { deploy: 'deploy', promote: 'promotion', abort: 'abort', rollback: 'rollback', drill: 'drill' } as const;

/** What happened, as one sentence. */
export function happeningText({ happening, operation }: Pick<TimelineEntry, 'happening' | 'operation'>): Text {
  const code = { code: operation ?? '' };
  switch (happening.what) {
    case 'began':
      return beganText(happening, operation ?? '');
    case 'taken-over': {
      const { owner, before, after, silent, because } = happening;
      if (after === 'waiting')
        return ['operation ', code, ` waited; process ${owner.process} on ${owner.host} goes on with it: ${because}`];
      return [
        'operation ',
        code,
        ` was interrupted: process ${before.process} on ${before.host} is gone, its last journal entry ${duration(silent)} before. Process ${owner.process} on ${owner.host} took over: ${because}`,
      ];
    }
    case 'ready':
      return [`${happening.version} is ready, ${counted(happening.copies, 'copy', 'copies')}`];
    case 'routed':
      return [
        `traffic is ${weightsText(happening.weights)}${happening.safe === null ? '' : `: everything is on ${happening.safe}`}`,
      ];
    case 'pointed':
      return [`the pointer of the registry is on ${happening.version}`];
    case 'watching':
      return [`a guard watches ${happening.version}; chance of a false rollback at most ${percent(happening.alpha)}`];
    case 'first-bad':
      return [
        `first bad interval: ${metricWords[happening.metric]} ${metricText(happening.metric, happening.bad)}, above ${measured(happening.tolerate)} times the rate of the stable version over all intervals, ${metricText(happening.metric, happening.stable)} in this one`,
      ];
    case 'crossed':
      return [`the evidence is enough: ${oddsText(happening.logE)} to 1, ${oddsText(happening.bar)} to 1 needed`];
    case 'measured':
      return [`the metric ${happening.metric} is ${happening.phase.toLowerCase()}: `, happening.value];
    case 'decided':
      return [
        `decided: ${happening.action === 'pause' ? 'undecided, so nothing is moved' : happening.action}. `,
        happening.because,
      ];
    case 'attempt-failed':
      return [
        `the step ${happening.step} did not work${happening.times > 1 ? ` (${counted(happening.times, 'attempt')} failed)` : ''}: ${happening.problem.what} (${happening.problem.why})`,
      ];
    case 'replanned':
      return [`another plan, to ${happening.to}: ${happening.because}`];
    case 'opened':
      return [`the deploy of ${happening.version} stays open`];
    case 'verified':
      return ['verified: ', ...verifiedText(happening)];
    case 'ended':
      return endedText(happening, operation ?? '');
    case 'marked':
      return [
        happening.mark === 'hold'
          ? 'the service is held: new versions stay out'
          : `${versionOrNothing(happening.version)} is quarantined`,
      ];
    case 'lifted':
      return [
        `${happening.mark === 'hold' ? 'the hold is' : `the quarantine of ${versionOrNothing(happening.version)} is`} lifted: ${happening.because}`,
      ];
    case 'judged':
      return [`${happening.version} ${happening.as === 'baked' ? 'passed its bake' : 'regressed'}: ${happening.because}`];
    case 'note':
      return [happening.text];
  }
}

type Of<What extends Happening['what']> = Extract<Happening, { what: What }>;

function beganText({ kind, from, to, reason, trigger }: Of<'began'>, operation: string): Text {
  const how: Text =
    trigger.kind === 'person'
      ? [' with ', { code: trigger.command }]
      : trigger.kind === 'guard'
        ? [' by the verdict on operation ', { code: trigger.operation }]
        : [' by the bake'];
  return [
    `${nouns[kind]} ${versionOrNothing(from)} → ${to} begins, operation `,
    { code: operation },
    ',',
    ...how,
    ...(trigger.kind === 'guard' ? [] : [`: ${reason}`]),
  ];
}

export function verifiedText({
  version,
  grade,
  copies,
  requests,
}: Pick<Of<'verified'>, 'version' | 'grade' | 'copies' | 'requests'>): Text {
  switch (grade) {
    case 'answered':
      return [
        `${counted(copies, 'copy', 'copies')} and ${counted(requests, 'request')} through the proxy answered as ${version}`,
      ];
    case 'routed':
    case 'declared':
    case 'none':
      return [`grade ${grade}: ${version}, ${counted(copies, 'copy', 'copies')}, ${counted(requests, 'request')}`];
  }
}

function endedText({ kind, state, problem, by }: Of<'ended'>, operation: string): Text {
  const of: Text = [`the ${nouns[kind]} `, { code: operation }];
  const why = problem ? `: ${problem.what} (${problem.why})` : '';
  if (state === 'completed') return [...of, ` ended, not verified${why}`];
  if (state === 'superseded') return [...of, ' was pushed aside by operation ', { code: by ?? 'unknown' }];
  if (state === 'abandoned') return [...of, ` was abandoned by ${by ?? 'somebody'}`];
  return [...of, ` ${state === 'stuck' ? 'is stuck and needs a person' : 'failed before any traffic moved'}${why}`];
}
