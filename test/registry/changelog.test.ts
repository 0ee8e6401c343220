import assert from 'node:assert/strict';
import { test } from 'node:test';
import { generateChangelog } from '../../src/registry/changelog.ts';
import { versionOf } from './fixture.ts';

const day = Date.parse('2026-03-01T00:00:00Z');
const versions = [
  versionOf('1.10.0', { changelog: 'ten', releasedAt: day, metrics: { test_accuracy: 0.61, auc: Number.NaN } }),
  versionOf('1.2.0', {
    changelog: 'two',
    status: 'deprecated',
    releasedAt: day,
    breakingChanges: ['input renamed\n## not a title'],
    deprecations: ['old output'],
  }),
  versionOf('1.10.0-rc.1', { changelog: 'rc', status: 'draft' }),
  versionOf('1.0.0', { changelog: 'first', releasedAt: day }),
  versionOf('1.11.0', { status: 'candidate', releasedAt: null, createdAt: day }),
];

function told(from?: string, to?: string): readonly string[] {
  const range = { ...(from === undefined ? {} : { from }), ...(to === undefined ? {} : { to }) };
  return [...generateChangelog('fraud', versions, range).matchAll(/^## (\S+)/gm)].map(([, version]) => version ?? '');
}

test('versions are told newest first by SemVer, after the one and up to the other', () => {
  assert.deepEqual(told('1.0.0', '1.10.0'), ['1.10.0', '1.2.0']);
});

test('either end may be left out', () => {
  assert.deepEqual(told(), ['1.11.0', '1.10.0', '1.2.0', '1.0.0']);
  assert.deepEqual(told('1.2.0'), ['1.11.0', '1.10.0']);
  assert.deepEqual(told(undefined, '1.2.0'), ['1.2.0', '1.0.0']);
});

test('an empty range says so', () => {
  assert.match(generateChangelog('fraud', versions, { from: '1.11.0' }), /No version in this range/);
});

test('the whole changelog reads as written here', (t) => {
  t.assert.fileSnapshot(generateChangelog('fraud', versions), new URL('./changelog.golden.md', import.meta.url).pathname, {
    serializers: [(text: unknown) => String(text)],
  });
});
