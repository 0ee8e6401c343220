import { fail } from '../model/errors.ts';
import type { Readable, Transacted } from '../store/store.ts';

export const noteSections = ['timeline', 'impact', 'root-cause', 'resolution', 'action-items'] as const;
export type NoteSection = (typeof noteSections)[number];

/** What a person adds to an incident: appended, never changed. */
export interface Note {
  readonly at: number;
  readonly section: NoteSection;
  readonly text: string;
  readonly actor: string;
}

/** Longer ones belong into a document that the note names. */
const longest = 20_000;

export function requireSection(text: string): NoteSection {
  const found = noteSections.find((section) => section === text);
  return (
    found ??
    fail({
      code: 'usage',
      what: `an incident has no section ${text}`,
      why: `the sections are ${noteSections.join(', ')}`,
      touched: 'no',
      next: 'sofare incident note N --section root-cause TEXT',
    })
  );
}

/** Appends a note to an incident that is there. */
export async function addNote(transaction: Transacted, incident: number, note: Note): Promise<void> {
  const { at, section, actor } = note;
  const text = note.text.trim();
  if (text === '' || text.length > longest) {
    fail({
      code: 'usage',
      what: text === '' ? 'the note is empty' : `the note has ${text.length} characters`,
      why: `a note has between 1 and ${longest} characters`,
      touched: 'no',
      next: `sofare incident note ${incident} --section ${section} TEXT`,
    });
  }
  await transaction.insertInto('incident_notes').values({ incident, at, section, text, actor }).execute();
}

/** Oldest first. */
export async function readNotes(database: Readable, incident: number): Promise<readonly Note[]> {
  const rows = await database
    .selectFrom('incident_notes')
    .selectAll()
    .where('incident', '=', incident)
    .orderBy('sequence')
    .execute();
  return rows.map(({ at, section, text, actor }) => ({ at, section: section as NoteSection, text, actor }));
}
