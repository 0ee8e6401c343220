import assert from 'node:assert/strict';
import { availableParallelism } from 'node:os';
import { test } from 'node:test';
import { runBatch } from './batch.ts';
import { blindSpots } from './coverage.ts';
import { reproduce, summary } from './report.ts';

const seeds = 2_000;

test('operators, deaths and lost answers of many seeds break no promise', { timeout: 3_600_000 }, async (t) => {
  const processes = Math.min(2, availableParallelism());
  const tally = await runBatch({ first: 1, count: seeds, mode: 'both', processes });
  for (const line of summary(tally).split('\n')) t.diagnostic(line);
  assert.deepEqual(
    tally.broken.map(({ seed, mode, what }) => `${what}\n  ${reproduce(seed, mode)}`),
    [],
  );
  assert.deepEqual(blindSpots(tally), []);
});
