import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { DurableFile, readJson } from '../../src/host/durable-file.ts';
import { syncedBy } from '../fixtures/synced.ts';

test('who has saved finds what it saved, or something newer, in the file', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'sofare-durable-'));
  const file = join(directory, 'state.json');
  let state = 0;
  const durable = new DurableFile(file, () => JSON.stringify(state));
  await Promise.all(
    Array.from({ length: 50 }, async (_, index) => {
      for (let turn = 0; turn < index % 7; turn += 1) await Promise.resolve();
      state += 1;
      const mine = state;
      await durable.save();
      assert.ok((readJson<number>(file) ?? 0) >= mine);
    }),
  );
  assert.equal(readFileSync(file, 'utf8'), '50');
  rmSync(directory, { recursive: true });
});

test('who could not save is told, and the next one can again', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'sofare-durable-'));
  const file = join(directory, 'state.json');
  let broken = true;
  const durable = new DurableFile(file, () => {
    if (broken) throw new Error('no space left');
    return '1';
  });
  const [first, second] = await Promise.allSettled([durable.save(), durable.save()]);
  assert.deepEqual([first.status, second.status], ['rejected', 'rejected']);
  broken = false;
  await durable.save();
  assert.equal(readJson(file), 1);
  rmSync(directory, { recursive: true });
});

test('what was saved is on the disk, and so is the folder that names it, before anybody is told', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'sofare-durable-'));
  const file = join(directory, 'state.json');
  const durable = new DurableFile(file, () => '"whole"');
  const synced = await syncedBy(() => durable.save());
  assert.deepEqual(
    synced.map(({ inode }) => inode),
    [statSync(file).ino, statSync(directory).ino],
  );
  assert.equal(synced[0]?.size, statSync(file).size);
  rmSync(directory, { recursive: true });
});
