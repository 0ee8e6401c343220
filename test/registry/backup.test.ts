import assert from 'node:assert/strict';
import { copyFileSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { test, type TestContext } from 'node:test';
import { noFailpoints } from '../../src/ports/failpoints.ts';
import { backupRegistry, newestBackup } from '../../src/registry/backup.ts';
import { prepareRegistryFolder, type RegistryFolder } from '../../src/registry/registry-folder.ts';
import { ensureService } from '../../src/registry/services.ts';
import { setHold } from '../../src/registry/hold.ts';
import { findVersion, listVersions } from '../../src/registry/versions.ts';
import type { Store } from '../../src/store/store.ts';
import { openStore, type SettableClock, settableClock, temporaryFolder } from '../contract/store-fixture.ts';
import { problemOf, register } from './fixture.ts';

interface Subject {
  readonly folder: RegistryFolder;
  readonly clock: SettableClock;
  readonly store: Store;
  backup(): Promise<string>;
}

async function subject(t: TestContext): Promise<Subject> {
  const folder = prepareRegistryFolder(join(temporaryFolder(t), 'registry'));
  const clock = settableClock();
  const store = await openStore(t, folder.database, false, clock);
  await register(store, '1.0.0');
  return { folder, clock, store, backup: () => backupRegistry(store, folder.backups, { clock, failpoints: noFailpoints }) };
}

test('the registry folder is an OCI image layout, and preparing it again changes nothing', (t) => {
  const root = join(temporaryFolder(t), 'registry');
  const folder = prepareRegistryFolder(root);
  assert.deepEqual(JSON.parse(readFileSync(join(root, 'oci-layout'), 'utf8')), { imageLayoutVersion: '1.0.0' });
  assert.deepEqual(JSON.parse(readFileSync(join(root, 'index.json'), 'utf8')), { schemaVersion: 2, manifests: [] });
  writeFileSync(join(root, 'index.json'), '{"schemaVersion":2,"manifests":[],"annotations":{}}');
  assert.deepEqual(prepareRegistryFolder(root), folder);
  assert.match(readFileSync(join(root, 'index.json'), 'utf8'), /annotations/);
  assert.deepEqual(readdirSync(root).sort(), ['backup', 'blobs', 'checkouts', 'index.json', 'oci-layout', 'staging']);
});

test('a backup is one file that can be copied over the database as it is', async (t) => {
  const { folder, store, backup } = await subject(t);
  const version = await findVersion(store.read, 'fraud', '1.0.0');
  const file = await backup();
  assert.deepEqual(readdirSync(folder.backups), ['sofare-20260301T120000000Z.db']);
  assert.equal(await newestBackup(folder.backups), file);
  const restored = join(folder.root, 'restored.db');
  copyFileSync(file, restored);
  assert.deepEqual(await findVersion((await openStore(t, restored)).read, 'fraud', '1.0.0'), version);
});

test('the newest five are kept', async (t) => {
  const { folder, clock, store, backup } = await subject(t);
  for (let hour = 0; hour < 8; hour += 1) {
    clock.set(Date.parse('2026-03-01T12:00:00Z') + hour * 3_600_000);
    await register(store, `1.${hour + 1}.0`);
    await backup();
  }
  const kept = readdirSync(folder.backups).sort();
  assert.equal(kept.length, 5);
  assert.deepEqual([kept[0], kept[4]], ['sofare-20260301T150000000Z.db', 'sofare-20260301T190000000Z.db']);
  const newest = await openStore(t, (await newestBackup(folder.backups)) ?? '', true);
  assert.equal((await listVersions(newest.read, 'fraud')).length, 9);
});

for (const [what, damage] of [
  ['a version', `update versions set status = 'released'`],
  ['an event', `update history set reason = 'another'`],
] as const) {
  test(`a registry in which ${what} was changed on the disk takes the place of no backup`, async (t) => {
    const { folder, clock, store, backup } = await subject(t);
    await store.transaction('hold', async (tx) => {
      await ensureService(tx, 'scorer', 'fraud');
      await setHold(tx, 'scorer', { since: 1, reason: 'r', actor: 'a', operation: null });
    });
    await backup();
    const before = readFileSync((await newestBackup(folder.backups)) ?? '');
    const disk = new DatabaseSync(folder.database);
    disk.exec(damage);
    disk.close();
    clock.set(clock.now() + 1000);
    assert.equal((await problemOf(backup())).code, 'registry.damaged');
    assert.deepEqual(readdirSync(folder.backups), ['sofare-20260301T120000000Z.db']);
    assert.deepEqual(readFileSync((await newestBackup(folder.backups)) ?? ''), before);
  });
}

test('what a killed backup left is not taken for a backup and goes with the next one, and a folder without any has no newest', async (t) => {
  const { folder, backup } = await subject(t);
  assert.equal(await newestBackup(join(folder.root, 'nowhere')), null);
  writeFileSync(join(folder.backups, 'sofare-20250301T120000000Z.db.partial'), 'half');
  assert.equal(await newestBackup(folder.backups), null);
  const file = await backup();
  assert.equal(await newestBackup(folder.backups), file);
  assert.deepEqual(readdirSync(folder.backups), [basename(file)]);
});
