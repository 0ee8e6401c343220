import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { endControlPlane } from '../../hazard/deployment-place.ts';
import { type Choice, none } from '../../hazard/kill-run.ts';
import { carryOutKills, everyPoint, line } from '../../hazard/kill-plan.ts';
import { leavingOtherStates } from '../../hazard/kill-points.ts';

after(endControlPlane);

const back = ['rollback', 'rollback-of-a-canary'];
const others = ['deploy', 'promote', 'abort', 'rollback-to-a-cold-version', 'resume'];

async function survived(kinds: readonly string[], singles: Choice, say: (told: string) => void): Promise<readonly string[]> {
  const through: string[] = [];
  const failures: unknown[] = [];
  await carryOutKills({
    kinds,
    target: 'deployment',
    database: 'sqlite',
    lanes: 2,
    singles,
    pairs: { firsts: none, seconds: none },
    survived: (told) => {
      through.push(told.kind);
      assert.ok(told.singles > 0 && told.requests > 0);
      say(line(told));
    },
    failed: (kind, error) => void failures.push([kind, error]),
  });
  assert.deepEqual(failures, []);
  return through.toSorted();
}

test('a rollback in a cluster killed at every point ends in one state, and the route always leads to a ready version', async (context) => {
  assert.deepEqual(await survived(back, everyPoint, (told) => context.diagnostic(told)), back.toSorted());
});

test('what else moves traffic in a cluster, killed at every point that leaves another state, ends in one', async (context) => {
  assert.deepEqual(await survived(others, leavingOtherStates, (told) => context.diagnostic(told)), others.toSorted());
});
