import assert from 'node:assert/strict';
import { test } from 'node:test';
import { bundleDifference } from '../../src/record/bundle-difference.ts';
import { readIncident } from '../../src/record/incident.ts';
import { hidden, shown } from '../../src/record/secrets.ts';
import { requireVersion } from '../../src/registry/versions.ts';
import { incidentDocument } from '../../src/report/incident-json.ts';
import { incidentMarkdown } from '../../src/report/incident-markdown.ts';
import { guardAbort } from './sample-incidents.ts';
import { tellingStore } from './sample-store.ts';

test('files are told by path with digests and sizes, and what stayed the same is left out', async (t) => {
  const { store } = await tellingStore(t);
  const [good, bad] = [await requireVersion(store.read, 'fraud', '1.2.0'), await requireVersion(store.read, 'fraud', '1.3.0')];
  const { artifacts, migrations, breakingChanges, same } = bundleDifference(good, bad);
  assert.deepEqual(
    artifacts.map(({ change, path, good: before, bad: after }) => [change, path, before?.size ?? null, after?.size ?? null]),
    [
      ['added', 'model/hours.json', null, 2_048],
      ['removed', 'model/old.json', 99, null],
      ['changed', 'model/weights.bin', 4_210_000, 4_410_000],
    ],
  );
  assert.deepEqual([migrations, breakingChanges, same], [['add column amount_cents'], ['amount is now in cents'], false]);
  assert.deepEqual(bundleDifference(good, good).artifacts, []);
  assert.equal(bundleDifference(good, good).same, true);
});

test('no report shows the value of a secret, by its name or by its look', async (t) => {
  const { store } = await guardAbort(t);
  const incident = await readIncident(store.read, '1');
  for (const report of [incidentMarkdown(incident, { chart: null }), incidentDocument(incident)]) {
    assert.match(report, /DB\\?_PASSWORD/, 'that it changed is said');
    assert.doesNotMatch(report, /hunter2|s3cr3t/);
  }
});

test('names and values that look like secrets are hidden, others are not', () => {
  const secret = [
    ['API_KEY', 'x'],
    ['sessionToken', 'x'],
    ['OAUTH_CLIENT', 'x'],
    ['PGPASSWORD', 'x'],
    ['DATABASE_URL', 'x'],
    ['FEATURES', 'redis://u:p@h/1'],
    ['X', 'eyJhbGciOiJIUzI1NiJ9.e30.x'],
    ['BLOB', 'A'.repeat(48)],
    ['PEM', '-----BEGIN PRIVATE KEY-----'],
  ] as const;
  for (const [name, value] of secret) assert.equal(shown(name, value), hidden, name);
  const plain = [
    ['WORKERS', '2'],
    ['threshold', '0.45'],
    ['MONKEY', 'banana'],
    ['URL', 'https://example.org/models'],
    ['PATHS', '/usr/bin:/bin'],
  ] as const;
  for (const [name, value] of plain) assert.equal(shown(name, value), value, name);
  assert.equal(shown('API_KEY', null), null, 'absent is no secret');
});
