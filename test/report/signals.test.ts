import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { type ArmCounters, type CountersReading, latencyBuckets } from '../../src/model/hosting.ts';
import { signalsOf } from '../../src/report/signals.ts';
import { start } from './sample-operations.ts';

const empty = latencyBuckets.map(() => 0);

function reading(at: number, arms: Readonly<Record<string, Partial<ArmCounters>>>): CountersReading {
  const whole = Object.entries(arms).map(([version, arm]) => [
    version,
    { requests: 0, errors: 0, unanswered: 0, latency: [...empty, 0], labels: { right: 0, wrong: 0 }, ...arm },
  ]);
  return {
    at: start + at,
    epoch: 1,
    arms: Object.fromEntries(whole),
    labels: { scored: 0, unknown: 0, duplicate: 0, late: 0, malformed: 0 },
    refused: 0,
  };
}

/** Answers at these times in milliseconds, counted as the host does. */
function latency(times: readonly number[]): readonly number[] {
  const counts = [...empty, 0];
  for (const time of times) {
    const bucket = latencyBuckets.findIndex((edge) => time <= edge);
    const index = bucket < 0 ? latencyBuckets.length : bucket;
    counts[index] = (counts[index] ?? 0) + 1;
  }
  return counts;
}

test('one reading counts from the beginning, two count what came between', () => {
  const early = reading(0, { a: { requests: 100, errors: 10 } });
  const late = reading(1_000, { a: { requests: 150, errors: 11, unanswered: 4 } });
  assert.equal(signalsOf([late])[0]?.requests, 150);
  const [between] = signalsOf([early, late]);
  assert.deepEqual([between?.requests, between?.errors, between?.unanswered, between?.badRate], [50, 1, 4, 0.1]);
});

test('a version first seen in the last reading counts from nothing', () => {
  const signals = signalsOf([reading(0, {}), reading(1_000, { b: { requests: 7 } })]);
  assert.deepEqual(
    signals.map(({ version, requests }) => [version, requests]),
    [['b', 7]],
  );
});

test('counters that began anew are taken as they are, never as a negative number', () => {
  const [after] = signalsOf([
    reading(0, { a: { requests: 100, errors: 50 } }),
    reading(1_000, { a: { requests: 20, errors: 1 } }),
  ]);
  assert.deepEqual([after?.requests, after?.errors], [20, 1]);
});

test('without requests there is no rate and no percentile', () => {
  const [none] = signalsOf([reading(0, { a: {} })]);
  assert.deepEqual([none?.badRate, none?.p95], [null, null]);
  assert.deepEqual(signalsOf([]), []);
});

test('the 95th percentile is the edge that nineteen of twenty answers are under', () => {
  fc.assert(
    fc.property(fc.array(fc.double({ min: 0.1, max: 90_000, noNaN: true }), { minLength: 1, maxLength: 200 }), (times) => {
      const [signals] = signalsOf([reading(0, { a: { requests: times.length, latency: latency(times) } })]);
      const rank = times.toSorted((one, other) => one - other)[Math.ceil(0.95 * times.length) - 1] ?? 0;
      const edge = latencyBuckets.find((each) => rank <= each);
      assert.deepEqual(signals?.p95, { edge: edge ?? latencyBuckets.at(-1), beyond: edge === undefined });
    }),
  );
});

test('an answer slower than the last edge is said to be beyond it', () => {
  const [signals] = signalsOf([reading(0, { a: { requests: 1, latency: latency([1e9]) } })]);
  assert.deepEqual(signals?.p95, { edge: latencyBuckets.at(-1), beyond: true });
});
