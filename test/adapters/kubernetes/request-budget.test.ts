import assert from 'node:assert/strict';
import { test } from 'node:test';
import { requestBudget } from '../../../src/adapters/kit/kubernetes/request-budget.ts';

test('a burst goes at once, then requests keep to the rate, and a pause earns a burst again', async () => {
  let now = 0;
  let waited = 0;
  const clock = {
    now: () => now,
    monotonic: () => now,
    wait: async (milliseconds: number) => {
      waited = milliseconds;
    },
  };
  const budget = requestBudget(10, 5, clock);
  const { signal } = new AbortController();
  const waits = async (count: number): Promise<number[]> => {
    const all: number[] = [];
    for (let each = 0; each < count; each += 1) {
      waited = 0;
      await budget(signal);
      all.push(Math.round(waited));
    }
    return all;
  };
  assert.deepEqual(await waits(8), [0, 0, 0, 0, 0, 100, 200, 300]);
  now = 10_000;
  assert.deepEqual(await waits(6), [0, 0, 0, 0, 0, 100]);
});
