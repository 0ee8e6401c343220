import type { Incident } from '../record/incident-view.ts';
import { duration, instant } from './duration.ts';
import { impactSentence } from './incident-impact.ts';
import { blank, type Text } from './incident-page.ts';
import { goodOf, stateWords } from './incident-words.ts';
import { percent } from './number.ts';

/** What stands at the head of a report. */
export function factsOf(incident: Incident): readonly { readonly name: string; readonly text: Text }[] {
  const { name, service, model, from, openedAt, state, kind, operation } = incident;
  return [
    { name: 'Incident', text: [name] },
    { name: 'Date', text: [`${instant(openedAt).slice(0, 16)} UTC`] },
    { name: 'Duration', text: durationText(incident) },
    { name: 'Impact', text: [impactSentence(incident)] },
    { name: 'Service', text: [`${service} (model ${model})`] },
    {
      name: kind === 'undecided' ? 'Versions' : 'Rolled back',
      text: [kind === 'undecided' ? `${from} beside ${goodOf(incident)}` : `${from} to ${goodOf(incident)}`],
    },
    {
      name: 'Status',
      text: [
        kind === 'undecided' && state === 'open' ? `open: ${from} keeps its share until somebody decides` : stateWords[state],
      ],
    },
    { name: 'Trigger', text: triggerText(incident) },
    {
      name: 'Operation',
      text: [
        { code: operation.id },
        ` (${operation.kind}, by ${operation.actor}${incident.trigger.kind === 'guard' ? '' : `: ${operation.reason}`})`,
      ],
    },
    { name: 'Times', text: timesText(incident) },
  ];
}

function durationText({ times, milestones, from, served }: Incident): Text {
  const { duration: span, durationUntil } = times;
  if (milestones.exposed === null) return [`none: ${from} never had a share`];
  const begin = `from ${served ? `the first share of ${from}` : `when the pointer was on ${from}`}, ${instant(milestones.exposed)},`;
  if (span === null)
    return [
      milestones.safe === null
        ? `not over: ${begin} until ${served ? 'all traffic' : 'the pointer'} is elsewhere`
        : `not known: ${begin} to a time that lies before it, since the clock was set back`,
    ];
  const end = !served
    ? 'it was elsewhere'
    : durationUntil === 'verified'
      ? 'the endpoint was verified'
      : 'it had none; not verified since';
  return [`${duration(span)} (${begin} until ${end})`];
}

export function triggerText({ trigger, evidence, kind }: Incident): Text {
  if (kind === 'undecided') return ['a guard ended undecided: ', evidence?.decision.because ?? 'its time was over'];
  switch (trigger.kind) {
    case 'person':
      return ['a person, with ', { code: trigger.command }];
    case 'guard': {
      const { decision, operation } = trigger;
      const how =
        decision.cause === 'deadline'
          ? 'a guard that ended undecided and aborts then'
          : decision.cause === 'failed'
            ? 'a guard, since the version failed outright'
            : decision.bar === 0
              ? 'a policy, by fixed thresholds'
              : `a guard, by evidence${evidence ? ` (chance of a false rollback at most ${percent(evidence.alpha)})` : ''}`;
      return [`${how}: `, decision.because, '; it watched operation ', { code: operation }];
    }
    case 'bake':
      return ['the bake: ', trigger.because];
  }
}

/** The spans between milestones, each with what it reaches from and to. */
function timesText({ times, kind, evidence, milestones, operation, served }: Incident): Text {
  const { detect, decide, safe, verify, exposedBeforeCommand } = times;
  const { began, moving, safe: safeAt } = milestones;
  // Killed between the move and its record: when the traffic moved is known only as not before, not after.
  const unseen = operation.takeovers.some(
    ({ at, after }) => after === 'interrupted' && moving !== null && safeAt !== null && at >= moving && at <= safeAt,
  );
  const earliest =
    unseen && began !== null && moving !== null
      ? `; seen by the process that took over, and begun after ${duration(moving - began)}`
      : '';
  if (kind === 'undecided')
    return [
      'nothing was decided',
      ...(evidence ? [` in ${duration(evidence.watched.to - evidence.watched.from)} of watching`] : []),
    ];
  const told = [
    ...(detect === null ? [] : [`to detect ${duration(detect)} (first share to decision)`]),
    ...(exposedBeforeCommand === null
      ? []
      : [`${served ? 'first share' : 'pointer moved'} to command ${duration(exposedBeforeCommand)}`]),
    ...(decide === null ? [] : [`to decide ${duration(decide)} (decision to operation)`]),
    `to safe ${safe === null ? 'not reached' : `${duration(safe)} (operation to ${served ? 'all traffic' : 'pointer'} moved${earliest})`}`,
    ...(served ? [`to verified ${verify === null ? 'not reached' : `${duration(verify)} (after that)`}`] : []),
  ];
  return detect === null ? [`${told.join(', ')}. When somebody noticed: `, blank] : [told.join(', ')];
}
