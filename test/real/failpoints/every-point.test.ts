import assert from 'node:assert/strict';
import { test } from 'node:test';
import { carryOutKills, everyPoint, line, noPairs } from '../../hazard/kill-plan.ts';
import { leavingOtherStates } from '../../hazard/kill-points.ts';
import { scenarios } from '../../hazard/kill-scenarios.ts';

test('every kind of operation killed at every point, a guarded one at every point that leaves another state, ends in one state and loses no request', async (context) => {
  const through: string[] = [];
  const failures: unknown[] = [];
  await carryOutKills({
    kinds: [],
    target: 'process',
    database: 'sqlite',
    lanes: 2,
    singles: everyPoint,
    whereItWaits: leavingOtherStates,
    pairs: noPairs,
    survived: (told) => {
      through.push(told.kind);
      if (!scenarios.some(({ kind, waits }) => kind === told.kind && waits)) assert.equal(told.singles, told.points);
      context.diagnostic(line(told));
    },
    failed: (kind, error) => void failures.push([kind, error]),
  });
  assert.deepEqual(failures, []);
  assert.deepEqual(through.sort(), scenarios.map(({ kind }) => kind).sort());
});
