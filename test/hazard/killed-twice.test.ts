import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sqlite } from './databases.ts';
import { killRun, none } from './kill-run.ts';
import { certain, leavingOtherStates } from './kill-points.ts';
import { scenarios } from './kill-scenarios.ts';
import { rotating } from './rotating-quarter.ts';

const kinds = ['deploy', 'promote', 'abort', 'rollback', 'resume'];

test('ten pairs, others with each commit: a change that is killed, and killed again while it is resumed, ends in one state', async (context) => {
  let pairs = 0;
  for (const scenario of scenarios.filter(({ kind }) => kinds.includes(kind))) {
    const run = { scenario, target: 'process', database: sqlite, lanes: 1 };
    const survived = await killRun(run, none, {
      firsts: (points) => rotating(leavingOtherStates(points), 1),
      seconds: (points) => rotating(certain(points), 2),
    });
    pairs += survived.pairs;
    context.diagnostic(`${scenario.kind}: ${survived.pairs} pairs, ${survived.requests} requests, none lost`);
  }
  assert.equal(pairs, 10);
});
