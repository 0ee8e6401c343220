import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sqlite } from './databases.ts';
import { type Choice, killRun } from './kill-run.ts';
import { certain, leavingOtherStates } from './kill-points.ts';
import { scenarios } from './kill-scenarios.ts';
import { rotatingQuarter } from './rotating-quarter.ts';

/** Of these a quarter of all points; of the others, which differ from them in what surrounds the move, of those that leave other states. */
const main = ['deploy', 'promote', 'abort', 'rollback'];

for (const scenario of scenarios.filter(({ waits, kind }) => !waits && kind !== 'rollback-to-a-cold-version')) {
  test(`${scenario.kind} killed at a quarter of its points, another one with each commit, ends in one state and loses no request`, async (context) => {
    const quarter: Choice = (points) =>
      (main.includes(scenario.kind) ? certain(points) : leavingOtherStates(points)).filter(rotatingQuarter());
    const run = { scenario, target: 'process', database: sqlite, lanes: 1 };
    const { points, singles, requests } = await killRun(run, quarter);
    assert.ok(points > 0);
    context.diagnostic(`killed at ${singles} of ${points} points, ${requests} requests, none lost`);
  });
}
