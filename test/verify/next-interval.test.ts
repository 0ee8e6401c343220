import assert from 'node:assert/strict';
import { test } from 'node:test';
import { latencyThresholds } from '../../src/detect/sequential/latency-thresholds.ts';
import { type CounterSample, latencyKind } from '../../src/model/counting.ts';
import { type CountersReading, latencyBuckets } from '../../src/model/hosting.ts';
import { begunWith, edgesOf, nextInterval } from '../../src/verify/next-interval.ts';

const compared = { canary: '1.1.0', baseline: '1.0.0' };
const comparison = { ...compared, id: 1, weights: { '1.1.0': 10, '1.0.0': 90 }, every: 10_000 };
const labels = { scored: 0, unknown: 0, duplicate: 0, late: 0, malformed: 0 };
const nothing = { requests: 0, errors: 0, unanswered: 0, latency: [], labels: { right: 0, wrong: 0 } };

/** What a Prometheus has of both versions: requests and errors of each. */
function told(at: number, canary: readonly [number, number], baseline: readonly [number, number]): CountersReading {
  const samples = [
    ['1.1.0', 'requests', canary[0]],
    ['1.1.0', 'errors', canary[1]],
    ['1.1.0', latencyKind(40), canary[0] - 1],
    ['1.1.0', latencyKind(latencyBuckets.length), canary[0]],
    ['1.0.0', 'requests', baseline[0]],
    ['1.0.0', 'errors', baseline[1]],
  ].map(([version, kind, value]) => ({
    series: `${version} host ${kind}`,
    instance: 'host',
    version: String(version),
    kind: String(kind),
    at: at - 400,
    value: Number(value),
  })) satisfies CounterSample[];
  return { at, epoch: 0, arms: { '1.0.0': nothing, '1.1.0': nothing }, labels, refused: 0, samples };
}

const before = begunWith(told(1_000, [10, 1], [90, 0]), compared);

test('counters by themselves become what both versions did in one closed interval', () => {
  const { interval, why } = nextInterval(before, told(11_000, [30, 4], [270, 1]), comparison);
  assert.equal(why, null);
  assert.deepEqual([interval?.from, interval?.to, interval?.share], [1_000, 11_000, undefined]);
  assert.deepEqual([interval?.canary.requests, interval?.canary.errors], [20, 3]);
  assert.deepEqual([interval?.baseline.requests, interval?.baseline.errors], [180, 1]);
  assert.deepEqual([interval?.canary.latency[40], interval?.canary.latency.at(-1)], [20, 0]);
});

test('a reading that is replayed after a crash closes what it closed, and closes nothing once it was consumed', () => {
  const reading = told(11_000, [30, 4], [270, 1]);
  const first = nextInterval(before, reading, comparison);
  assert.deepEqual(nextInterval(JSON.parse(JSON.stringify(before)), reading, comparison), first);
  const again = nextInterval(first.reading, reading, { ...comparison, id: 2 });
  assert.deepEqual([again.interval, again.reading, again.why], [null, first.reading, null]);
});

test('what is journalled is how far counters had come, not all that was told', () => {
  assert.equal('samples' in before, false);
  assert.equal(before.ledger?.series['1.1.0 host requests']?.value, 10);
});

test('absent counters close nothing, and say which', () => {
  const none = { ...told(11_000, [30, 4], [270, 1]), samples: told(11_000, [30, 4], [270, 1]).samples?.slice(0, 4) ?? [] };
  assert.equal(nextInterval(before, none, comparison).why, 'there are no counters of 1.0.0');
  const stale = { ...told(11_000, [30, 4], [270, 1]), at: 60_000 };
  assert.equal(nextInterval(before, stale, comparison).why, 'the counters of 1.1.0 are older than 20s');
  assert.equal(nextInterval(before, told(11_000, [30, Number.NaN], [270, 1]), comparison).why, 'a counter of 1.1.0 is no number');
});

test('counters of another source than before begin anew: nothing of theirs is compared with the old ones', () => {
  const proxy: CountersReading = { at: 11_000, epoch: 1, arms: { '1.1.0': { ...nothing, requests: 5_000 } }, labels, refused: 0 };
  const changed = nextInterval(before, proxy, comparison);
  assert.deepEqual([changed.interval, changed.reading], [null, proxy]);
  const back = nextInterval(proxy, told(21_000, [40, 4], [300, 1]), comparison);
  assert.equal(back.interval, null);
  assert.equal(nextInterval(back.reading, told(31_000, [50, 4], [390, 1]), comparison).interval?.canary.requests, 10);
});

test('slow begins at an edge that the source counts by, so that no answer under it is called slow', () => {
  // Edges at 10, 25 and 50 ms, as many histograms have them: an answer of 12 ms is in the bucket up to 25, over the 22 of our own edges.
  const edges = [10, 25, 50].map((edge) => latencyBuckets.findIndex((each) => each >= edge));
  const [sample] = told(1_000, [1, 0], [1, 0]).samples ?? [];
  assert.ok(sample);
  const samples = edges.map((bucket) => ({ ...sample, kind: latencyKind(bucket) }));
  const baseline = latencyBuckets.map((_, bucket) => (bucket === edges[0] ? 1_000 : 0));
  const threshold = (reading: CountersReading) => latencyThresholds(baseline, edgesOf(reading))['latency-p50'];
  const { samples: _, ...proxy } = told(1_000, [1, 0], [1, 0]);
  assert.equal(threshold({ ...proxy, samples }), edges[1]);
  assert.ok((threshold(proxy) ?? 0) < (edges[1] ?? 0));
});
