import assert from 'node:assert/strict';
import { test } from 'node:test';
import { carryOutKills, everyPoint, line, noPairs } from '../../hazard/kill-plan.ts';
import { scenarios } from '../../hazard/kill-scenarios.ts';

test('every kind of operation killed at every point, under load, ends in one state and loses no request', async (context) => {
  const through: string[] = [];
  const failures: unknown[] = [];
  await carryOutKills({
    kinds: [],
    database: 'sqlite',
    lanes: 2,
    singles: everyPoint,
    pairs: noPairs,
    survived: (told) => {
      through.push(told.kind);
      assert.equal(told.singles, told.points);
      context.diagnostic(line(told));
    },
    failed: (kind, error) => void failures.push([kind, error]),
  });
  assert.deepEqual(failures, []);
  assert.deepEqual(through.sort(), scenarios.map(({ kind }) => kind).sort());
});
