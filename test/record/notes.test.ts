import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ProblemError } from '../../src/model/errors.ts';
import { readIncident } from '../../src/record/incident.ts';
import { addNote, type NoteSection, noteSections, readNotes, requireSection } from '../../src/record/notes.ts';
import { incidentMarkdown } from '../../src/report/incident-markdown.ts';
import { guardAbort } from './sample-incidents.ts';
import { noon } from './sample-store.ts';

const blanks = (text: string): number => text.split('_to be filled in by a person_').length - 1;

test('blanks stay blank until a note fills them, and a note fills its own section only', async (t) => {
  const { store } = await guardAbort(t);
  const report = async (): Promise<string> => incidentMarkdown(await readIncident(store.read, '1'), { chart: null });
  const empty = await report();
  const section = (text: string, title: string): string => text.split(/^## /m).find((part) => part.startsWith(title)) ?? '';
  assert.match(section(empty, 'Root Cause'), /^_to be filled in by a person_$/m);
  const titles: Readonly<Record<NoteSection, string>> = {
    'timeline': 'Timeline',
    'impact': 'Impact',
    'root-cause': 'Root Cause',
    'resolution': 'Resolution',
    'action-items': 'Action Items',
  };
  for (const name of noteSections) {
    const earlier = await report();
    const text = `words for ${name}`;
    await store.transaction('note', (transaction) =>
      addNote(transaction, 1, { at: noon + 3_600_000, section: name, text, actor: 'ana@example' }),
    );
    const later = await report();
    for (const title of Object.values(titles))
      assert.equal(section(later, title).includes(text), title === titles[name], `${name} in ${title}`);
    assert.match(section(later, titles[name]), /ana@example/);
    assert.match(section(later, titles[name]), /15:00:00/);
    assert.equal(blanks(earlier) - blanks(later), name === 'timeline' ? 0 : 1, `${name} fills one blank`);
  }
});

test('a note is appended, never changed, and read oldest first', async (t) => {
  const { store } = await guardAbort(t);
  for (const text of ['first', 'second', ' third ']) {
    await store.transaction('note', (transaction) =>
      addNote(transaction, 1, { at: noon, section: 'root-cause', text, actor: 'ana' }),
    );
  }
  assert.deepEqual(
    (await readNotes(store.read, 1)).map(({ text }) => text),
    ['first', 'second', 'third'],
  );
  assert.deepEqual(await readNotes(store.read, 2), []);
});

test('an empty note, an endless one and an unknown section are refused', async (t) => {
  const { store } = await guardAbort(t);
  const refused = (error: unknown): boolean => error instanceof ProblemError && error.problem.code === 'usage';
  for (const text of ['', ' \n ', 'x'.repeat(20_001)]) {
    await assert.rejects(
      store.transaction('note', (transaction) => addNote(transaction, 1, { at: noon, section: 'impact', text, actor: 'ana' })),
      refused,
    );
  }
  assert.throws(() => requireSection('rootcause'), refused);
  assert.deepEqual(await readNotes(store.read, 1), []);
});
