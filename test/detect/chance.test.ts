import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Chance } from '../../bench/judge/chance.ts';

/** Mean and variance of so many draws. */
function moments(draw: () => number, draws = 40_000): { readonly mean: number; readonly variance: number } {
  const values = Array.from({ length: draws }, draw);
  const mean = values.reduce((sum, value) => sum + value, 0) / draws;
  return { mean, variance: values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (draws - 1) };
}

function near(found: number, expected: number, relative: number): void {
  assert.ok(Math.abs(found - expected) <= relative * expected, `${found} is not near ${expected}`);
}

test('the same seed gives the same draws, another seed others', () => {
  const [one, same, other] = [new Chance(1), new Chance(1), new Chance(2)];
  const draws = (chance: Chance): number[] => Array.from({ length: 5 }, () => chance.uniform());
  const first = draws(one);
  assert.deepEqual(first, draws(same));
  assert.notDeepEqual(first, draws(other));
});

test('binomial, Poisson and geometric draws have their means and variances, small and large', () => {
  const chance = new Chance(7);
  for (const [n, p] of [
    [60, 0.001],
    [600, 0.3],
    [6_000, 0.01],
    [6_000, 0.9],
  ] as const) {
    const { mean, variance } = moments(() => chance.binomial(n, p));
    near(mean, n * p, 0.03);
    near(variance, n * p * (1 - p), 0.05);
  }
  for (const expected of [0.2, 5, 200]) {
    const { mean, variance } = moments(() => chance.poisson(expected));
    near(mean, expected, 0.03);
    near(variance, expected, 0.05);
  }
  const { mean, variance } = moments(() => chance.geometric(3));
  near(mean, 3, 0.02);
  near(variance, 6, 0.06);
});
