import type { MetricName } from '../model/evidence.ts';
import type { Counted } from '../record/impact.ts';
import type { Incident, IncidentState } from '../record/incident-view.ts';
import type { NoteSection } from '../record/notes.ts';
import { duration, instant } from './duration.ts';
import type { Block } from './incident-page.ts';
import { count, percent } from './number.ts';

export const stateWords: Readonly<Record<IncidentState, string>> = {
  open: 'open: the operation has not ended',
  mitigated: 'mitigated',
  unverified: 'ended, not verified at the endpoint',
  failed: 'not mitigated: the operation ended without taking the version back',
  superseded: 'another operation went on in its place',
};

export const metricWords: Readonly<Record<MetricName, string>> = {
  'errors': 'errors',
  'latency-p50': 'slow answers (over twice the median)',
  'latency-p90': 'slow answers (over twice the 90th percentile)',
  'latency-p99': 'slow answers (over twice the 99th percentile)',
  'answers': 'wrong answers',
  'limit': 'errors, against the limit',
  'pairs': 'wrong answers to the same requests',
  'restarts': 'ends of copies',
};

/** `51 of 1,240 (4.1%)`. */
export function rateText({ bad, of }: Counted): string {
  return of === 0 ? 'none counted' : `${count(bad)} of ${count(of)} (${percent(bad / of)})`;
}

/** The same of a metric: ends of copies are in the time that those ran, of all together. */
export function metricText(metric: MetricName, counted: Counted): string {
  if (metric !== 'restarts') return rateText(counted);
  return counted.of === 0 ? 'none ran' : `${count(counted.bad)} in ${duration(1_000 * counted.of)} of running`;
}

/** Beyond this the odds say nothing more to anybody. */
const highestOdds = 20;

/** An e-value, from its logarithm: `4,231`. */
export function oddsText(logE: number): string {
  return `${logE > highestOdds ? 'over ' : ''}${count(Math.exp(Math.min(highestOdds, logE)))}`;
}

/** The time of day to the millisecond; with its date where that is not the day on which the incident was opened. */
export function clockText(at: number, openedAt: number): string {
  const [text, day] = [instant(at), instant(openedAt).slice(0, 10)];
  if (text === 'unknown') return text;
  const time = new Date(at).toISOString().slice(11, 23);
  return text.startsWith(day) ? time : `${text.slice(0, 10)} ${time}`;
}

/** What people wrote into a section, word for word. */
export function notesOf({ notes }: Incident, section: NoteSection): readonly Block[] {
  return notes
    .filter((note) => note.section === section)
    .map(({ text, actor, at }) => ({ kind: 'note', text, by: `${actor}, ${instant(at)}` }));
}

export function goodOf({ to }: Incident): string {
  return to ?? 'the stable version';
}
