import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { readJson } from '../../src/host/durable-file.ts';
import { Reserve } from '../../src/host/reserve.ts';

test('what is written over the reserve is the state, again and again, and takes no new space from the disk', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'sofare-reserve-'));
  const state = join(directory, 'state.json');
  writeFileSync(state, '"small"');
  const reserve = new Reserve(state, (handle) => handle.sync());
  await reserve.prepare(100);
  const inodes = (): readonly number[] => ['', '.reserve.0', '.reserve.1'].map((end) => statSync(`${state}${end}`).ino);
  const before = new Set(inodes());
  for (let times = 1; times <= 6; times += 1) {
    await reserve.writeOver(state, JSON.stringify('x'.repeat(times * 10_000)));
    assert.equal(readJson<string>(state)?.length, times * 10_000);
    assert.deepEqual(new Set(inodes()), before, 'the same three files, in other places');
  }
  rmSync(directory, { recursive: true });
});

test('a state that the reserve cannot hold is refused as any that finds no space, and the one before stays', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'sofare-reserve-'));
  const state = join(directory, 'state.json');
  writeFileSync(state, '"small"');
  const reserve = new Reserve(state, (handle) => handle.sync());
  await reserve.prepare(100);
  await assert.rejects(reserve.writeOver(state, 'x'.repeat(1_000_000)), { code: 'ENOSPC' });
  assert.equal(readFileSync(state, 'utf8'), '"small"');
  await reserve.prepare(1_000_000);
  await reserve.writeOver(state, JSON.stringify('x'.repeat(1_000_000)));
  assert.equal(readJson<string>(state)?.length, 1_000_000);
  rmSync(directory, { recursive: true });
});
