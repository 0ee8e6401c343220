import assert from 'node:assert/strict';
import { test } from 'node:test';
import { carryOutKills, line, noPairs } from '../../hazard/kill-plan.ts';
import { leavingOtherStates } from '../../hazard/kill-points.ts';
import { scenarios } from '../../hazard/kill-scenarios.ts';

test('every kind of operation on PostgreSQL, killed at every point that leaves another state, ends in one state and loses no request', async (context) => {
  const through: string[] = [];
  const failures: unknown[] = [];
  await carryOutKills({
    kinds: [],
    target: 'process',
    database: 'postgres',
    lanes: 2,
    singles: leavingOtherStates,
    pairs: noPairs,
    survived: (told) => {
      through.push(told.kind);
      context.diagnostic(line(told));
    },
    failed: (kind, error) => void failures.push([kind, error]),
  });
  assert.deepEqual(failures, []);
  assert.deepEqual(through.sort(), scenarios.map(({ kind }) => kind).sort());
});
