import assert from 'node:assert/strict';
import { test } from 'node:test';
import { carryOutKills, line } from '../../hazard/kill-plan.ts';
import { certain } from '../../hazard/kill-points.ts';
import { none } from '../../hazard/kill-run.ts';
import { chosenBySeed } from '../../hazard/seeded.ts';
import { scenarios } from '../../hazard/kill-scenarios.ts';

const seed = Number(process.env['SOFARE_SEED'] ?? 1);
const wanted = 200;
const secondsEach = 4;

test('two hundred pairs of kills, chosen by a seed, end in one state and lose no request', async (context) => {
  const kinds = scenarios.filter(({ waits, words, recovery }) => !waits && recovery !== words).map(({ kind }) => kind);
  const firsts = Math.ceil(wanted / secondsEach / kinds.length) + 1;
  let pairs = 0;
  const failures: unknown[] = [];
  await carryOutKills({
    kinds,
    target: 'process',
    database: 'sqlite',
    lanes: 2,
    singles: none,
    pairs: {
      firsts: (points) => chosenBySeed(seed, certain(points), firsts),
      seconds: (points) => chosenBySeed(seed, certain(points), secondsEach),
    },
    survived: (told) => {
      pairs += told.pairs;
      context.diagnostic(line(told));
    },
    failed: (kind, error) => void failures.push([kind, error]),
  });
  assert.deepEqual(failures, []);
  context.diagnostic(`${pairs} pairs of seed ${seed}; another one by SOFARE_SEED`);
  assert.ok(pairs >= wanted, `${pairs} pairs`);
});
