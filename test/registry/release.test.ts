import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { test } from 'node:test';
import fc from 'fast-check';
import { createRelease, followingVersion } from '../../src/registry/create-release.ts';
import { compareSemver } from '../../src/registry/semver.ts';
import { determineVersionBump, type VersionBump } from '../../src/registry/version-bump.ts';
import { listVersions } from '../../src/registry/versions.ts';
import { openStore, temporaryFolder } from '../contract/store-fixture.ts';
import { bundleOf, problemOf, register } from './fixture.ts';

const following: readonly (readonly [string | null, VersionBump, string | null, string])[] = [
  [null, 'patch', null, '1.0.0'],
  [null, 'major', null, '1.0.0'],
  [null, 'patch', 'rc.1', '1.0.0-rc.1'],
  ['1.2.3', 'patch', null, '1.2.4'],
  ['1.2.3', 'minor', null, '1.3.0'],
  ['1.2.3', 'major', null, '2.0.0'],
  ['1.2.3+build.5', 'patch', null, '1.2.4'],
  ['1.2.3', 'minor', 'rc.1', '1.3.0-rc.1'],
  ['1.0.0-rc.1', 'patch', null, '1.0.0'],
  ['1.0.0-rc.1', 'minor', null, '1.0.0'],
  ['1.0.0-rc.1', 'major', null, '1.0.0'],
  ['1.0.0-rc.1', 'patch', 'rc.2', '1.0.0-rc.2'],
  ['1.3.0-rc.1', 'minor', null, '1.3.0'],
  ['1.3.0-rc.1', 'major', null, '2.0.0'],
  ['1.2.4-rc.1', 'minor', null, '1.3.0'],
];

for (const [latest, bump, prerelease, next] of following) {
  test(`after ${latest ?? 'nothing'} a ${bump} ${prerelease === null ? 'release' : `prerelease ${prerelease}`} is ${next}`, () => {
    assert.equal(followingVersion(latest, bump, prerelease), next);
  });
}

test('what comes next is always newer than what was', () => {
  const latest = fc
    .tuple(fc.nat(9), fc.nat(9), fc.nat(9), fc.constantFrom('', '-rc.1', '-alpha', '-0', '+b'))
    .map(([a, b, c, end]) => `${a}.${b}.${c}${end}`);
  fc.assert(
    fc.property(latest, fc.constantFrom<VersionBump[]>('major', 'minor', 'patch'), (version, bump) => {
      assert.ok(compareSemver(followingVersion(version, bump, null), version) > 0);
    }),
  );
});

test('a prerelease that would not be newer, or is none, is refused', async () => {
  for (const prerelease of ['rc.1', 'alpha', 'rc..2', '', '01', 'rc_1']) {
    assert.equal(
      (await problemOf(() => followingVersion('1.0.0-rc.1', 'patch', prerelease))).code,
      'version.invalid',
      prerelease,
    );
  }
});

test('the latest is the highest by SemVer, not the last one registered, and prereleases are drafts', async (t) => {
  const store = await openStore(t);
  for (const version of ['1.10.0', '1.9.0', '1.2.0']) await register(store, version);
  const create = (content: string, prerelease?: string) =>
    store.transaction('release', (tx) =>
      createRelease(
        tx,
        {
          model: 'fraud',
          bump: 'minor',
          bundle: bundleOf(content),
          actor: 'ann',
          reason: 'trained',
          ...(prerelease === undefined ? {} : { prerelease }),
        },
        1,
      ),
    );
  const draft = await create('a', 'rc.1');
  assert.deepEqual([draft.version.version, draft.version.status], ['1.11.0-rc.1', 'draft']);
  const release = await create('b');
  assert.deepEqual([release.version.version, release.version.status], ['1.11.0', 'candidate']);
});

test('processes that release at the same time get different versions, and none is lost', { timeout: 120_000 }, async (t) => {
  const file = join(temporaryFolder(t), 'sofare.db');
  const child = new URL('./release-child.ts', import.meta.url).pathname;
  await Promise.all(
    ['a', 'b', 'c'].map(async (name) => {
      const running = spawn(process.execPath, [child, file, name, '10'], { stdio: ['ignore', 'ignore', 'pipe'] });
      let output = '';
      running.stderr.on('data', (text: Buffer) => (output += text.toString()));
      const [code] = (await once(running, 'close')) as [number];
      assert.equal(code, 0, output);
    }),
  );
  const store = await openStore(t, file);
  const versions = await listVersions(store.read, 'fraud');
  assert.deepEqual(
    versions.map(({ version }) => version).toSorted(compareSemver),
    Array.from({ length: 30 }, (_, index) => `1.0.${index}`),
  );
  for (const name of ['a', 'b', 'c']) assert.equal(versions.filter(({ actor }) => actor === name).length, 10);
});

const bumps: readonly (readonly [string, Parameters<typeof determineVersionBump>[0], VersionBump, string | null])[] = [
  [
    'the architecture changed',
    { current: { accuracy: 0.9 }, next: { accuracy: 0.1 }, architectureChanged: true, featuresChanged: false },
    'major',
    null,
  ],
  ['the features changed', { current: null, next: {}, architectureChanged: false, featuresChanged: true }, 'major', null],
  ['accuracy up by 6 %', unchanged({ accuracy: 0.5 }, { accuracy: 0.53 }), 'minor', 'accuracy'],
  ['test_accuracy up by 6 %', unchanged({ test_accuracy: 0.5 }, { test_accuracy: 0.53 }), 'minor', 'test_accuracy'],
  [
    'test_accuracy before accuracy',
    unchanged({ test_accuracy: 0.5, accuracy: 0.5 }, { test_accuracy: 0.5, accuracy: 0.9 }),
    'patch',
    'test_accuracy',
  ],
  ['accuracy up by exactly 5 %', unchanged({ accuracy: 0.6 }, { accuracy: 0.63 }), 'patch', 'accuracy'],
  ['accuracy down', unchanged({ accuracy: 0.9 }, { accuracy: 0.5 }), 'patch', 'accuracy'],
  ['accuracy not a number', unchanged({ accuracy: Number.NaN }, { accuracy: 0.9 }), 'patch', null],
  ['no metric in common', unchanged({ loss: 1 }, { accuracy: 0.9 }), 'patch', null],
  ['nothing before', unchanged(null, { accuracy: 0.9 }), 'patch', null],
  ['from nothing at all', unchanged({ accuracy: 0 }, { accuracy: 0.01 }), 'minor', 'accuracy'],
  [
    'an error that fell by 10 %',
    { ...unchanged({ test_mae: 0.02 }, { test_mae: 0.018 }), primaryMetric: 'test_mae' },
    'minor',
    'test_mae',
  ],
  [
    'an error that rose by 10 %',
    { ...unchanged({ test_mae: 0.02 }, { test_mae: 0.022 }), primaryMetric: 'test_mae' },
    'patch',
    'test_mae',
  ],
  ['a metric of unknown direction', { ...unchanged({ flux: 1 }, { flux: 2 }), primaryMetric: 'flux' }, 'patch', 'flux'],
  [
    'a metric whose direction was said',
    { ...unchanged({ flux: 2 }, { flux: 1 }), primaryMetric: 'flux', direction: 'lower' },
    'minor',
    'flux',
  ],
];

for (const [what, question, bump, metric] of bumps) {
  test(`${what}: ${bump}`, () => {
    const answer = determineVersionBump(question);
    assert.deepEqual([answer.bump, answer.metric], [bump, metric]);
    assert.ok(answer.why.length > 0);
  });
}

function unchanged(
  current: Record<string, number> | null,
  next: Record<string, number>,
): Parameters<typeof determineVersionBump>[0] {
  return { current, next, architectureChanged: false, featuresChanged: false };
}
