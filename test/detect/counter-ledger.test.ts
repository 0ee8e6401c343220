import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { type Arm, beginLedger, closeInterval, type Closing } from '../../src/detect/counters/counter-ledger.ts';
import type { CounterLedger, CounterSample } from '../../src/model/counting.ts';

const compared = { canary: '1.1.0', baseline: '1.0.0' };
const rules = { staleAfter: 30_000, compared };

function sample(arm: Arm, kind: string, at: number, value: number, more: Partial<CounterSample> = {}): CounterSample {
  const instance = more.instance ?? `${arm}-1`;
  return { series: `${instance}/${kind}`, instance, version: compared[arm], kind, at, value, ...more };
}

function both(at: number, canary: number, baseline: number): readonly CounterSample[] {
  return [sample('canary', 'requests', at, canary), sample('baseline', 'requests', at, baseline)];
}

const begun = beginLedger(both(0, 1_000, 5_000), 0);

function closed(ledger: CounterLedger, samples: readonly CounterSample[], to: number) {
  const next = closeInterval(ledger, samples, to, rules);
  assert.equal(next.closing.kind, 'closed');
  return { ledger: next.ledger, closing: next.closing as Extract<Closing, { kind: 'closed' }> };
}

function open(ledger: CounterLedger, samples: readonly CounterSample[], to: number) {
  const next = closeInterval(ledger, samples, to, rules);
  assert.equal(next.ledger, ledger, 'nothing is consumed');
  return next.closing.kind === 'open' ? [next.closing.why, next.closing.arm] : next.closing;
}

test('both versions are counted over the same closed interval, from raw values', () => {
  const { closing } = closed(begun, both(9_500, 1_010, 5_090), 10_000);
  assert.deepEqual(
    [closing.from, closing.to, closing.arms],
    [0, 10_000, { canary: { requests: 10 }, baseline: { requests: 90 } }],
  );
});

test('a counter that fell began again at zero', () => {
  const { closing } = closed(begun, both(9_500, 7, 5_090), 10_000);
  assert.deepEqual([closing.arms.canary, closing.resets], [{ requests: 7 }, 1]);
});

test('a process that began again began all its counters again, also one that has grown over its last value since', () => {
  const errors = (at: number, value: number) => sample('canary', 'errors', at, value);
  const { ledger } = closed(begun, [...both(9_500, 1_010, 5_090), errors(9_500, 2)], 10_000);
  const { closing } = closed(ledger, [...both(19_500, 30, 5_180), errors(19_500, 3)], 20_000);
  assert.deepEqual(closing.arms.canary, { requests: 30, errors: 3 });
});

test('what arrives late falls into the next interval, and what is ahead waits for it: nothing is lost or counted twice', () => {
  const first = closed(begun, [...both(9_500, 1_010, 5_090), sample('canary', 'requests', 10_400, 1_015)], 10_000);
  assert.deepEqual(first.closing.arms.canary, { requests: 10 });
  const again = closed(first.ledger, both(9_500, 1_010, 5_090).concat(both(19_000, 1_030, 5_200)), 20_000);
  assert.deepEqual(again.closing.arms, { canary: { requests: 20 }, baseline: { requests: 110 } });
});

test('absent data closes nothing: empty, one side missing, no number, stale; later the interval reaches further', () => {
  const [canary, baseline] = both(9_500, 1_010, 5_090) as [CounterSample, CounterSample];
  assert.deepEqual(open(begun, [], 10_000), ['empty', null]);
  assert.deepEqual(open(begun, [canary], 10_000), ['one side missing', 'baseline']);
  assert.deepEqual(open(begun, [{ ...canary, value: Number.NaN }, baseline], 10_000), ['not a number', 'canary']);
  assert.deepEqual(open(begun, [{ ...canary, value: Number.POSITIVE_INFINITY }, baseline], 10_000), ['not a number', 'canary']);
  assert.deepEqual(open(begun, [{ ...canary, value: -1 }, baseline], 10_000), ['not a number', 'canary']);
  const noErrors = sample('canary', 'errors', 9_500, Number.NaN);
  assert.deepEqual(open(begun, [canary, baseline, noErrors], 10_000), ['not a number', 'canary']);
  assert.deepEqual(open(begun, [canary, { ...baseline, at: 9_500 }], 60_000), ['stale', 'canary']);
  const { closing } = closed(begun, both(59_000, 1_060, 5_540), 60_000);
  assert.deepEqual([closing.from, closing.arms.canary], [0, { requests: 60 }]);
});

test('what is known already closes nothing, and neither does what one version alone has new', () => {
  const { ledger } = closed(begun, both(9_500, 1_010, 5_090), 10_000);
  assert.deepEqual(open(ledger, both(9_500, 1_010, 5_090), 20_000), ['nothing new', 'canary']);
  const half = [sample('canary', 'requests', 19_000, 1_030), sample('baseline', 'requests', 9_500, 5_090)];
  assert.deepEqual(open(ledger, half, 20_000), ['nothing new', 'baseline']);
  const { closing } = closed(ledger, both(29_000, 1_040, 5_200), 30_000);
  assert.deepEqual([closing.from, closing.arms.canary], [10_000, { requests: 30 }]);
});

test('a version that is not compared is counted for neither', () => {
  const other = { ...sample('canary', 'requests', 9_500, 700, { instance: 'other' }), version: '0.9.0' };
  const { closing } = closed(begun, [...both(9_500, 1_010, 5_090), other], 10_000);
  assert.deepEqual(closing.arms, { canary: { requests: 10 }, baseline: { requests: 90 } });
});

test('an interval that is asked for again gives nothing', () => {
  const { ledger } = closed(begun, both(9_500, 1_010, 5_090), 10_000);
  assert.deepEqual(open(ledger, both(9_500, 1_010, 5_090), 10_000), ['nothing new', null]);
});

test('the first error of a process counts, the past of a process that could not be seen does not', () => {
  const error = sample('canary', 'errors', 9_500, 1);
  const unseen = sample('baseline', 'requests', 9_500, 1_000_000, { instance: 'baseline-2' });
  const fresh = sample('canary', 'requests', 9_500, 40, { instance: 'canary-2', createdAt: 4_000 });
  const { closing } = closed(begun, [...both(9_500, 1_010, 5_090), error, unseen, fresh], 10_000);
  assert.deepEqual(closing.arms, { canary: { requests: 50, errors: 1 }, baseline: { requests: 90 } });
  assert.equal(closing.appeared, 3);
});

test('a process that is gone holds nobody up while another of its version is fresh', () => {
  const two = beginLedger([...both(0, 0, 0), sample('canary', 'requests', 0, 0, { instance: 'canary-2' })], 0);
  const gone = sample('canary', 'requests', 5_000, 8, { instance: 'canary-2' });
  const { ledger } = closed(two, [...both(9_500, 10, 90), gone], 10_000);
  const { closing } = closed(ledger, [...both(99_500, 20, 180), gone], 100_000);
  assert.deepEqual(closing.arms.canary, { requests: 10 });
});

test('however looks and resets fall, the sums are what was counted', () => {
  const step = fc.record({ grown: fc.nat(50), reset: fc.boolean(), look: fc.boolean() });
  fc.assert(
    fc.property(fc.array(step, { minLength: 1, maxLength: 30 }), (steps) => {
      let ledger = beginLedger(both(0, 0, 0), 0);
      let [value, counted, found, at] = [0, 0, 0, 0];
      for (const { grown, reset, look } of [...steps, { grown: 1, reset: false, look: true }]) {
        at += 10_000;
        // A reset that grows back over the last value that was seen cannot be told; Prometheus cannot either.
        const seen = ledger.series['canary-1/requests']?.value ?? 0;
        if (reset && look && grown < seen) [value, counted] = [grown, counted - (value - seen) + grown];
        else [value, counted] = [value + grown, counted + grown];
        if (!look) continue;
        const next = closed(ledger, both(at, value, at), at);
        ledger = next.ledger;
        found += next.closing.arms.canary['requests'] ?? 0;
      }
      return found === counted;
    }),
  );
});
