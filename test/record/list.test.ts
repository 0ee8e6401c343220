import assert from 'node:assert/strict';
import { test } from 'node:test';
import { addNote } from '../../src/record/notes.ts';
import { listIncidents } from '../../src/record/list.ts';
import { incidentsDocument, incidentsText } from '../../src/report/incident-list.ts';
import { abortPlan, byHand, guardAbort, undecided } from './sample-incidents.ts';
import { noon, service } from './sample-store.ts';

const paper = { width: 80, color: false, unicode: true, now: noon };

test('incidents are listed newest first, each with what became of it', async (t) => {
  const teller = await guardAbort(t);
  const again = { ...abortPlan, kind: 'rollback' as const, planned: { ...abortPlan.planned, operation: null } };
  await teller.begin('second', again, noon + 60_000, {
    actor: 'bo',
    reason: 'once more',
    trigger: { kind: 'person', command: 'sofare rollback' },
    incident: true,
  });
  await teller.store.transaction('note', (transaction) =>
    addNote(transaction, 1, { at: noon, section: 'impact', text: 'none', actor: 'bo' }),
  );
  const listed = await listIncidents(teller.store.read, service, 10);
  assert.deepEqual(
    listed.map(({ name, state, notes }) => [name, state, notes]),
    [
      ['INC-2', 'open', 0],
      ['INC-1', 'mitigated', 1],
    ],
  );
  assert.deepEqual(
    (await listIncidents(teller.store.read, null, 1)).map(({ name }) => name),
    ['INC-2'],
  );
  assert.deepEqual(await listIncidents(teller.store.read, 'another', 10), []);
});

test('an undecided guard is listed as such', async (t) => {
  const { store } = await undecided(t);
  const [only] = await listIncidents(store.read, null, 10);
  assert.deepEqual([only?.kind, only?.state, only?.from, only?.to], ['undecided', 'open', '1.3.0', '1.2.0']);
  assert.match(incidentsText(only ? [only] : [], paper), /1\.3\.0 beside 1\.2\.0 +undecided/);
});

test('the list is a table, a document, and a sentence when there is none', async (t) => {
  const { store } = await byHand(t);
  const listed = await listIncidents(store.read, null, 10);
  assert.match(
    incidentsText(listed, paper),
    /✓ INC-1 +2026-11-24 14:00Z +fraud-scorer +1\.3\.0 → 1\.2\.0 +mitigated\n +by bo@example: answers for new customers/,
  );
  assert.equal(JSON.parse(incidentsDocument(listed)).schema, 'sofare/incidents@1');
  assert.match(incidentsText([], paper), /no incident/);
});
