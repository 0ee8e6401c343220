import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { test, type TestContext } from 'node:test';
import { folderArtifacts } from '../../src/adapters/artifacts/folder.ts';
import { noFailpoints } from '../../src/ports/failpoints.ts';
import { emptyBundle } from '../../src/registry/bundle.ts';
import { generateChangelog } from '../../src/registry/changelog.ts';
import { readHistory } from '../../src/registry/history.ts';
import { isKnownGood } from '../../src/registry/known-good.ts';
import { movePointer } from '../../src/registry/pointer.ts';
import { addQuarantine } from '../../src/registry/quarantine.ts';
import { changeStatus } from '../../src/registry/register.ts';
import { prepareRegistryFolder } from '../../src/registry/registry-folder.ts';
import { ensureService, readService } from '../../src/registry/services.ts';
import { tenures } from '../../src/registry/tenures.ts';
import { findVersion, listVersions } from '../../src/registry/versions.ts';
import type { Store } from '../../src/store/store.ts';
import { openStore, temporaryFolder } from '../contract/store-fixture.ts';
import { register } from './fixture.ts';

/** What was found by running the version manager that this registry takes the place of. Each must not be so here. */

const by = { actor: 'ann', reason: 'because', at: 1 };

async function deployed(t: TestContext, ...versions: readonly string[]): Promise<Store> {
  const store = await openStore(t);
  await store.transaction('ensure', (tx) => ensureService(tx, 'fraud', 'fraud'));
  for (const version of versions) {
    await register(store, version);
    await store.transaction('release', (tx) => changeStatus(tx, 'fraud', version, 'release', by));
    await point(store, version);
  }
  return store;
}

async function point(store: Store, version: string): Promise<void> {
  const { actor, reason, at } = by;
  await store.transaction('point', (tx) =>
    movePointer(tx, { service: 'fraud', version, at, operation: null, actor, reason, source: 'witnessed' }),
  );
}

async function production(store: Store): Promise<string | null> {
  return (await readService(store.read, 'fraud'))?.pointer ?? null;
}

test('defect 1: a released version that never was in production is not what one goes back to', async (t) => {
  const store = await deployed(t, '1.0.0', '1.0.1');
  await register(store, '1.0.2');
  await store.transaction('release', (tx) => changeStatus(tx, 'fraud', '1.0.2', 'release', by));
  const held = tenures(await readHistory(store.read, 'fraud'), 'pointed');
  const before = held.filter(
    (tenure) => tenure.until !== null && isKnownGood(tenure, { for: 0, requests: 0 }, { pointerOnly: true }),
  );
  assert.deepEqual(
    before.map(({ version }) => version),
    ['1.0.0'],
  );
});

test('defect 2: a version that was rolled back keeps its status, so that a drill can put it back', async (t) => {
  const store = await deployed(t, '1.0.0', '1.0.1');
  await store.transaction('back', (tx) =>
    addQuarantine(tx, {
      service: 'fraud',
      version: '1.0.1',
      since: 1,
      operation: null,
      evidence: null,
      actor: 'ann',
      reason: 'drill',
    }),
  );
  await point(store, '1.0.0');
  assert.equal((await findVersion(store.read, 'fraud', '1.0.1'))?.status, 'released');
  await point(store, '1.0.1');
  assert.equal(await production(store), '1.0.1');
});

for (const status of ['draft', 'deprecated'] as const) {
  test(`defect 3: production is known also when the version in it is ${status}`, async (t) => {
    const store = await deployed(t, '1.0.0');
    await register(store, '1.1.0', { draft: true });
    if (status === 'deprecated') await store.transaction('status', (tx) => changeStatus(tx, 'fraud', '1.1.0', 'deprecate', by));
    await point(store, '1.1.0');
    await point(store, '1.1.0');
    assert.equal(await production(store), '1.1.0');
  });
}

test('defect 5: a digest is over the bytes, and the bytes of every version are kept', async (t) => {
  const folder = prepareRegistryFolder(join(temporaryFolder(t), 'registry'));
  const artifacts = folderArtifacts({ ...folder, failpoints: noFailpoints });
  const file = join(folder.root, 'model_weights.pth');
  const bundles = [];
  for (const training of [1, 2]) {
    writeFileSync(file, randomBytes(1000 * training));
    bundles.push({ ...emptyBundle, artifacts: await artifacts.put([file]) });
  }
  writeFileSync(file, 'overwritten by the next training');
  const store = await openStore(t, folder.database);
  const [first, second] = [
    await register(store, '1.0.0', { run: 'same-run', bundle: bundles[0] ?? emptyBundle }),
    await register(store, '1.0.1', { run: 'same-run', bundle: bundles[1] ?? emptyBundle }),
  ];
  assert.notEqual(first.bundleDigest, second.bundleDigest);
  for (const { bundle } of [first, second]) assert.deepEqual(await artifacts.verify(bundle, 'full'), []);
});

test('defect 6: two managers of one registry lose nothing of each other', async (t) => {
  const file = join(temporaryFolder(t), 'sofare.db');
  const [one, two] = [await openStore(t, file), await openStore(t, file)];
  assert.deepEqual(await listVersions(two.read, 'fraud'), []);
  await register(one, '1.0.0');
  await register(two, '1.0.1');
  for (const store of [one, two]) assert.equal((await listVersions(store.read, 'fraud')).length, 2);
});

test('defect 7: a changelog can be asked for with an end and no beginning', async (t) => {
  const store = await deployed(t, '1.0.0', '1.0.1', '1.1.0');
  const text = generateChangelog('fraud', await listVersions(store.read, 'fraud'), { to: '1.0.1' });
  assert.match(text, /## 1\.0\.1[\s\S]*## 1\.0\.0/);
  assert.doesNotMatch(text, /1\.1\.0/);
});

test('defect 8: deprecating the version in production leaves production where it is', async (t) => {
  const store = await deployed(t, '1.0.0', '1.0.1');
  await store.transaction('status', (tx) => changeStatus(tx, 'fraud', '1.0.1', 'deprecate', by));
  assert.equal(await production(store), '1.0.1');
});

test('a metric that is not a number is kept as one, in JSON that every reader can read', async (t) => {
  const file = join(temporaryFolder(t), 'sofare.db');
  const store = await openStore(t, file);
  await register(store, '1.0.0', { metrics: { test_accuracy: Number.NaN, test_mae: 0.02 } });
  const disk = new DatabaseSync(file, { readOnly: true });
  t.after(() => disk.close());
  const { details } = disk.prepare('select details from versions').get() as { details: string };
  assert.deepEqual(JSON.parse(details).metrics, { test_accuracy: { $number: 'NaN' }, test_mae: 0.02 });
  assert.deepEqual((await findVersion(store.read, 'fraud', '1.0.0'))?.metrics, { test_accuracy: Number.NaN, test_mae: 0.02 });
});
