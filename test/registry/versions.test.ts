import assert from 'node:assert/strict';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { test } from 'node:test';
import { findVersion, listVersions, requireVersion } from '../../src/registry/versions.ts';
import { registerVersion } from '../../src/registry/register.ts';
import { openStore, settableClock, temporaryFolder } from '../contract/store-fixture.ts';
import { bundleOf, problemOf, register } from './fixture.ts';

test('a registered version comes back as it was given, metrics that are no numbers included', async (t) => {
  const store = await openStore(t);
  const given = await register(store, '1.2.0-rc.1+build.7', {
    draft: true,
    metrics: { test_accuracy: 0.61, roc: Number.NaN, ratio: Number.POSITIVE_INFINITY, loss: Number.NEGATIVE_INFINITY, zero: 0 },
    parameters: { epochs: 50, layers: [1, 2], note: 'ü☃', nothing: null },
    run: '0b1c2d3e4f5a',
    changelog: 'first\nsecond',
    breakingChanges: ['input renamed'],
    deprecations: ['old output'],
  });
  assert.equal(given.status, 'draft');
  assert.deepEqual(await findVersion(store.read, 'fraud', '1.2.0-rc.1+build.7'), given);
});

test('the same version with the same bundle again changes nothing and returns the first', async (t) => {
  const store = await openStore(t);
  const first = await register(store, '1.0.0', { reason: 'first' });
  const again = await store.transaction('register', (tx) =>
    registerVersion(
      tx,
      {
        model: 'fraud',
        version: '1.0.0',
        draft: true,
        bundle: bundleOf('1.0.0'),
        actor: 'bob',
        reason: 'again',
        metrics: { a: 1 },
      },
      9,
    ),
  );
  assert.deepEqual(again, { version: first, created: false });
  assert.deepEqual(await findVersion(store.read, 'fraud', '1.0.0'), first);
});

test('the same version with another bundle is refused and the first stays', async (t) => {
  const store = await openStore(t);
  const first = await register(store, '1.0.0');
  const problem = await problemOf(register(store, '1.0.0', { bundle: bundleOf('other bytes') }));
  assert.equal(problem.code, 'version.exists');
  assert.deepEqual(await findVersion(store.read, 'fraud', '1.0.0'), first);
});

test('versions that differ only in build metadata lie side by side', async (t) => {
  const store = await openStore(t);
  await register(store, '1.0.0+a');
  await register(store, '1.0.0+b');
  await register(store, '1.0.0');
  assert.equal((await listVersions(store.read, 'fraud')).length, 3);
});

test('the models of one registry do not see each other', async (t) => {
  const store = await openStore(t);
  await register(store, '1.0.0');
  assert.equal(await findVersion(store.read, 'churn', '1.0.0'), null);
  assert.deepEqual(await listVersions(store.read, 'churn'), []);
});

for (const name of ['-x', '..', 'a/b', 'a b', '', 'a..b', 'ü', 'a\n', 'a'.repeat(129), '.hidden']) {
  test(`${JSON.stringify(name.slice(0, 20))} is refused as the name of a model`, async (t) => {
    const store = await openStore(t);
    assert.equal((await problemOf(register(store, '1.0.0', { model: name }))).code, 'name.invalid');
  });
}

test('an unknown version is answered with the nearest names', async (t) => {
  const store = await openStore(t);
  for (const version of ['1.0.0', '1.2.0', '1.2.1', '2.0.0-rc.1']) await register(store, version);
  const problem = await problemOf(requireVersion(store.read, 'fraud', '1.2.2'));
  assert.equal(problem.code, 'version.unknown');
  assert.match(problem.why, /the nearest are 1\.2\.1, 1\.2\.0/);
  assert.match((await problemOf(requireVersion(store.read, 'churn', '1.0.0'))).why, /no version yet/);
});

test('versions are listed newest first, in pages that neither repeat nor leave out', async (t) => {
  const store = await openStore(t);
  const at = [5, 3, 5, 5, 1, 9, 5];
  for (const [index, time] of at.entries()) await register(store, `1.${index}.0`, {}, time);
  const all = (await listVersions(store.read, 'fraud')).map(({ version }) => version);
  assert.deepEqual(all, ['1.5.0', '1.6.0', '1.3.0', '1.2.0', '1.0.0', '1.1.0', '1.4.0']);
  const paged: string[] = [];
  for (let after: string | undefined; ; after = paged.at(-1)) {
    const page = await listVersions(store.read, 'fraud', { limit: 2, ...(after === undefined ? {} : { after }) });
    if (page.length === 0) break;
    paged.push(...page.map(({ version }) => version));
  }
  assert.deepEqual(paged, all);
});

const versionColumns = ['status', 'bundle', 'bundle_digest', 'details', 'created_at', 'released_at', 'deprecated_at', 'checksum'];

for (const column of versionColumns) {
  test(`a version whose ${column} was changed on the disk is named, and never believed`, async (t) => {
    const file = join(temporaryFolder(t), 'sofare.db');
    const store = await openStore(t, file);
    await register(store, '1.0.0');
    await register(store, '1.1.0');
    const disk = new DatabaseSync(file);
    disk.exec(
      `update versions set ${column} = ${column === 'checksum' ? `'0' || substr(checksum, 2) || 'x'` : `coalesce(${column}, 0) || '1'`} where version = '1.0.0'`,
    );
    disk.close();
    for (const read of [findVersion(store.read, 'fraud', '1.0.0'), listVersions(store.read, 'fraud')]) {
      const problem = await problemOf(read);
      assert.equal(problem.code, 'registry.damaged');
      assert.match(problem.what, /version 1\.0\.0 of model fraud/);
      assert.match(problem.next, /backup/);
    }
    assert.equal((await findVersion(store.read, 'fraud', '1.1.0'))?.version, '1.1.0');
  });
}

test('registering over a damaged version does not write over it', async (t) => {
  const file = join(temporaryFolder(t), 'sofare.db');
  const store = await openStore(t, file);
  await register(store, '1.0.0');
  const disk = new DatabaseSync(file);
  t.after(() => disk.close());
  disk.exec(`update versions set status = 'released'`);
  const before = disk.prepare('select * from versions').all();
  assert.equal((await problemOf(register(store, '1.0.0'))).code, 'registry.damaged');
  assert.deepEqual(disk.prepare('select * from versions').all(), before);
});

test('two writers that register the same version at once: one is first, the other hears of it', async (t) => {
  const file = join(temporaryFolder(t), 'sofare.db');
  const clock = settableClock();
  const stores = [await openStore(t, file, false, clock), await openStore(t, file, false, clock)];
  const outcomes = await Promise.allSettled(
    stores.map((store, index) => register(store, '1.0.0', { bundle: bundleOf(`bytes ${index}`) })),
  );
  assert.deepEqual(outcomes.map(({ status }) => status).sort(), ['fulfilled', 'rejected']);
});
