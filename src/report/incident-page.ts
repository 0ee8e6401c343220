import type { Incident } from '../record/incident-view.ts';
import { actionsSection, checklistSection } from './incident-actions.ts';
import { differenceSection } from './incident-difference.ts';
import { evidenceSection } from './incident-evidence.ts';
import { factsOf } from './incident-facts.ts';
import { impactSection } from './incident-impact.ts';
import { movedSection, resolutionSection, rootCauseSection } from './incident-resolution.ts';
import { timelineSection } from './incident-timeline.ts';

/** A part of a sentence: words, a command or name to be set as code, or what only a person can know. */
export type Inline = string | { readonly code: string } | { readonly blank: true };
export type Text = readonly Inline[];

export const blank: Inline = { blank: true };
/** What a blank says, in every medium. */
export const blankText = 'to be filled in by a person';

export type Block =
  | { readonly kind: 'paragraph'; readonly text: Text }
  | { readonly kind: 'table'; readonly columns: readonly Cell[]; readonly rows: readonly (readonly Text[])[] }
  | { readonly kind: 'list'; readonly items: readonly Text[] }
  | { readonly kind: 'checks'; readonly items: readonly { readonly done: boolean; readonly text: Text }[] }
  | {
      readonly kind: 'timeline';
      readonly entries: readonly { readonly time: string; readonly actor: string; readonly text: Text }[];
    }
  | { readonly kind: 'note'; readonly text: string; readonly by: string }
  | { readonly kind: 'chart' };

export interface Cell {
  readonly title: string;
  readonly side?: 'right';
}

export interface Section {
  readonly title: string;
  readonly blocks: readonly Block[];
}

/** The report in words, before any medium: every renderer prints exactly this. */
export interface Page {
  readonly title: string;
  readonly facts: readonly { readonly name: string; readonly text: Text }[];
  readonly sections: readonly Section[];
}

/** All sections of the template, in its order, with what sofare knows beside. */
export function pageOf(incident: Incident): Page {
  return {
    title: incident.kind === 'undecided' ? 'Incident Report: Canary Undecided' : 'Incident Report: Model Rollback',
    facts: factsOf(incident),
    sections: [
      timelineSection(incident),
      impactSection(incident),
      evidenceSection(incident),
      rootCauseSection(incident),
      differenceSection(incident),
      resolutionSection(incident),
      movedSection(incident),
      actionsSection(incident),
      checklistSection(incident),
    ].filter(({ blocks }) => blocks.length > 0),
  };
}

export function paragraph(...text: Text): Block {
  return { kind: 'paragraph', text };
}
