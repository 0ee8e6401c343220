import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { extendPaired, pairedGrid } from '../../src/detect/sequential/paired-e-process.ts';
import { dispersionOf } from '../../src/detect/sequential/dispersion.ts';
import { extendPoisson } from '../../src/detect/sequential/poisson-e-process.ts';
import { extendRatio, ratioLogE, wideGrid } from '../../src/detect/sequential/ratio-e-process.ts';
import { extendSlo, sloGrid } from '../../src/detect/sequential/slo-e-process.ts';
import { bet, noBets } from '../../src/detect/sequential/betting-mean.ts';
import { fuse } from '../../src/detect/sequential/fuse.ts';
import { rateSequence } from '../../src/detect/sequential/rate-sequence.ts';
import { extendSplit, splitIsWrong } from '../../src/detect/sequential/sample-ratio.ts';
import { Chance } from '../../bench/judge/chance.ts';

/** The mean of exp(logE) after so many intervals without any regression: at most 1 for an e-process, plus three standard errors. */
function assertFair(name: string, logE: () => number, runs = 20_000): void {
  const values = Array.from({ length: runs }, () => Math.exp(logE()));
  const mean = values.reduce((sum, value) => sum + value, 0) / runs;
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (runs - 1);
  const error = Math.sqrt(variance / runs);
  assert.ok(mean <= 1 + 3 * error, `${name}: mean ${mean}, standard error ${error}`);
}

test('no bet pays on average while nothing is worse: each test is an e-process', () => {
  const chance = new Chance(11);
  const intervals = [0, 1, 2];
  assertFair('ratio, its share changing', () =>
    ratioLogE(
      intervals.reduce<readonly number[]>((state, index) => {
        const [n, m] = [[20, 60, 120][index] as number, [180, 180, 120][index] as number];
        const rate = 0.05 * (index + 1);
        const counts = {
          canary: { bad: chance.binomial(n, 1.25 * rate), of: n },
          baseline: { bad: chance.binomial(m, rate), of: m },
        };
        return extendRatio(state, counts, 1.25, wideGrid);
      }, []),
    ),
  );
  assertFair('limit', () =>
    ratioLogE(
      intervals.reduce<readonly number[]>(
        (state) => extendSlo(state, { bad: chance.binomial(40, 0.02), of: 40 }, 0.02, sloGrid),
        [],
      ),
    ),
  );
  assertFair('Poisson', () =>
    ratioLogE(intervals.reduce<readonly number[]>((state) => extendPoisson(state, chance.poisson(0.7), 0.7, [1.5, 2, 3]), [])),
  );
  assertFair('paired', () => {
    const pairs = chance.poisson(12);
    const canaryOnly = chance.binomial(pairs, 0.5);
    return ratioLogE(extendPaired([], { canaryOnly, baselineOnly: pairs - canaryOnly, both: 7 }, 1, pairedGrid));
  });
  assertFair('paired, wrong as often more as is tolerated', () => {
    // Of 40 requests the stable version gets 8 % wrong, the canary 10 %: half of them the same ones.
    const both = chance.binomial(40, 0.05);
    const canaryOnly = chance.binomial(40 - both, 0.05 / 0.95);
    const baselineOnly = chance.binomial(40 - both - canaryOnly, 0.03 / 0.9);
    return ratioLogE(extendPaired([], { canaryOnly, baselineOnly, both }, 1.25, pairedGrid));
  });
  assertFair('mean', () => {
    let state = noBets;
    for (let index = 0; index < 20; index += 1) state = bet(state, chance.uniform(), 0.5, 0.01);
    return state.logK;
  });
});

test('an interval split in two with the same shares says exactly what it said whole, and their order does not matter', () => {
  const counts = fc.record({ bad: fc.nat(20), split: fc.integer({ min: 1, max: 9 }) });
  fc.assert(
    fc.property(counts, counts, (canary, baseline) => {
      const of = { canary: 100, baseline: 900 };
      const part = (bad: number, other: number, tenths: number): Parameters<typeof extendRatio>[1] => ({
        canary: { bad, of: (of.canary * tenths) / 10 },
        baseline: { bad: other, of: (of.baseline * tenths) / 10 },
      });
      const { split } = canary;
      const [a, b] = [Math.floor(canary.bad / 2), Math.floor(baseline.bad / 3)];
      const [first, second] = [part(a, b, split), part(canary.bad - a, baseline.bad - b, 10 - split)];
      const whole = ratioLogE(extendRatio([], part(canary.bad, baseline.bad, 10), 1.25, wideGrid));
      const parts = [first, second].reduce<readonly number[]>((state, each) => extendRatio(state, each, 1.25, wideGrid), []);
      const turned = [second, first].reduce<readonly number[]>((state, each) => extendRatio(state, each, 1.25, wideGrid), []);
      const close = (value: number): boolean => Math.abs(value - whole) <= 1e-12 * Math.max(1, Math.abs(whole) * 100);
      return close(ratioLogE(parts)) && close(ratioLogE(turned));
    }),
  );
});

test('fused evidence is never below that of a metric alone with its share of alpha, nor above the largest', () => {
  const metric = fc.record({
    logE: fc.double({ min: -50, max: 50, noNaN: true }),
    weight: fc.double({ min: 0.01, max: 0.25, noNaN: true }),
  });
  fc.assert(
    fc.property(fc.array(metric, { minLength: 1, maxLength: 4 }), (metrics) => {
      const fused = fuse(metrics);
      const alone = Math.max(...metrics.map(({ logE, weight }) => logE + Math.log(weight)));
      const highest = Math.max(0, ...metrics.map(({ logE }) => logE));
      return fused >= alone - 1e-9 && fused <= highest + 1e-9;
    }),
  );
});

test('metrics of the same requests, fused, keep one alpha though they rise together', () => {
  const chance = new Chance(5);
  assertFair('fused', () => {
    const n = chance.binomial(200, 0.05);
    const m = chance.binomial(1_800, 0.05);
    const counts = { canary: { bad: n, of: 200 }, baseline: { bad: m, of: 1_800 } };
    const logE = ratioLogE(extendRatio([], counts, 1.25, wideGrid));
    return fuse([
      { logE, weight: 0.5 },
      { logE, weight: 0.3 },
    ]);
  });
});

test('a right split is not called wrong, a wrong one soon is, and one that is off by too little to matter never', () => {
  const chance = new Chance(3);
  let alarms = 0;
  for (let run = 0; run < 400; run += 1) {
    let split: ReturnType<typeof extendSplit> | undefined;
    for (let look = 0; look < 60; look += 1) {
      const canary = chance.binomial(600, 0.1);
      split = extendSplit(split, { share: 0.1, canary, baseline: 600 - canary });
      if (splitIsWrong(split)) {
        alarms += 1;
        break;
      }
    }
  }
  assert.ok(alarms <= 3, `${alarms} of 400`);
  assert.equal(splitIsWrong(extendSplit(undefined, { share: 0.1, canary: 20, baseline: 980 })), true);
  assert.equal(splitIsWrong(extendSplit(undefined, { share: 0.1, canary: 9_500_000, baseline: 90_500_000 })), false);
  const staged = extendSplit(extendSplit(undefined, { share: 0.1, canary: 100, baseline: 900 }), {
    share: 0.5,
    canary: 510,
    baseline: 490,
  });
  assert.equal(splitIsWrong(staged), false);
});

test('a split in three is not called wrong, whichever of the three gets too much', () => {
  const chance = new Chance(4);
  const thrown = (canary: number, baseline: number): boolean => {
    let split: ReturnType<typeof extendSplit> | undefined;
    for (let look = 0; look < 60; look += 1) {
      const [toCanary, toBaseline] = [chance.binomial(600, canary), chance.binomial(600, baseline)];
      const rest = { share: 0.8, given: 1_200 - toCanary - toBaseline };
      split = extendSplit(split, { share: 0.5, canary: toCanary, baseline: toBaseline, rest });
      if (splitIsWrong(split)) return true;
    }
    return false;
  };
  const alarms = Array.from({ length: 400 }, () => thrown(0.2, 0.2)).filter(Boolean).length;
  assert.ok(alarms <= 3, `${alarms} of 400`);
  assert.ok(thrown(0.4, 0.2), 'the canary gets twice its share');
  assert.ok(thrown(0.2, 0.4), 'its baseline does');
  assert.ok(thrown(0.4, 0.4), 'both do, so that they are alike');
});

test('the bounds of a rate hold at all looks at once', () => {
  const chance = new Chance(8);
  let missed = 0;
  for (let run = 0; run < 1_000; run += 1) {
    let bad = 0;
    for (let look = 1; look <= 20; look += 1) {
      bad += chance.binomial(30, 0.1);
      const { low, high } = rateSequence(bad, 30 * look, 0.05);
      if (low > 0.1 || high < 0.1) {
        missed += 1;
        break;
      }
    }
  }
  assert.ok(missed <= 50 + 3 * Math.sqrt(1_000 * 0.05 * 0.95), `${missed} of 1000`);
  assert.deepEqual(rateSequence(0, 0, 0.05), { low: 0, high: 1 });
  assert.equal(rateSequence(0, 10, 0.05).low, 0);
  assert.equal(rateSequence(10, 10, 0.05).high, 1);
});

test('counts of independent events have a dispersion near 1, bursts one near 2 c - 1, though the rate drifts', () => {
  const chance = new Chance(21);
  const rate = (minute: number): number => 8 + 4 * Math.sin(minute / 100);
  const alone = dispersionOf(Array.from({ length: 2_000 }, (_, minute) => chance.poisson(rate(minute)))) ?? 0;
  assert.ok(alone >= 1 && alone < 1.2, String(alone));
  const bursts = Array.from({ length: 2_000 }, (_, minute) => {
    const causes = chance.poisson(rate(minute) / 3);
    return Array.from({ length: causes }, () => chance.geometric(3)).reduce((sum, size) => sum + size, 0);
  });
  const together = dispersionOf(bursts) ?? 0;
  assert.ok(together > 4.5 && together < 6.5, String(together));
  assert.equal(dispersionOf([1, 2, 3]), null);
  assert.equal(dispersionOf(new Array(50).fill(0)), null);
});

test('pairs that both get wrong say nothing where nothing is tolerated, and speak for the canary where some is', () => {
  const once = { canaryOnly: 10, baselineOnly: 10, both: 0 };
  const often = { ...once, both: 100 };
  assert.equal(ratioLogE(extendPaired([], once, 1, pairedGrid)), ratioLogE(extendPaired([], often, 1, pairedGrid)));
  assert.ok(ratioLogE(extendPaired([], often, 1.25, pairedGrid)) < ratioLogE(extendPaired([], once, 1.25, pairedGrid)));
});
