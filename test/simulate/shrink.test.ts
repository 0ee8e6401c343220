import assert from 'node:assert/strict';
import { test } from 'node:test';
import { runSeed } from './run-seed.ts';
import { shrink } from './shrink.ts';

test('a list of faults is shortened to those that matter', async () => {
  const all = Array.from({ length: 40 }, (_, index) => index);
  const fewest = await shrink(all, async (some) => some.includes(3) && some.includes(31));
  assert.deepEqual(fewest, [3, 31]);
});

test('a seed is the same each time, another is not', async () => {
  const first = await runSeed({ seed: 5, mode: 'liveness' });
  const again = await runSeed({ seed: 5, mode: 'liveness' });
  const other = await runSeed({ seed: 6, mode: 'liveness' });
  assert.equal(again.hash, first.hash);
  assert.notEqual(other.hash, first.hash);
  assert.ok(first.faults.length > 0);
});

test('the faults of a seed, given by name, happen again', async () => {
  const drawn = await runSeed({ seed: 5, mode: 'liveness' });
  const ids = drawn.faults.map(({ id }) => id);
  const given = await runSeed({ seed: 5, mode: 'liveness', only: new Set(ids) });
  assert.deepEqual(
    given.faults.map(({ id }) => id),
    ids,
  );
});
