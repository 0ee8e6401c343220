import type { Incident } from '../record/incident-view.ts';
import { documentOf } from './document.ts';
import { impactSentence } from './incident-impact.ts';
import { blankText, type Inline } from './incident-page.ts';
import { happeningText } from './incident-timeline.ts';

/** The whole incident as one document: every number of the report, unrounded, and the sentences of its timeline. */
export function incidentDocument(incident: Incident): string {
  return documentOf('incident', {
    ...incident,
    summary: impactSentence(incident),
    timeline: incident.timeline.map((entry) => ({ ...entry, text: happeningText(entry).map(plain).join('') })),
  });
}

function plain(part: Inline): string {
  if (typeof part === 'string') return part;
  return 'blank' in part ? blankText : part.code;
}
