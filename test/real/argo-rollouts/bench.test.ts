import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { test } from 'node:test';
import { promisify } from 'node:util';

const words = [
  '--disable-warning=ExperimentalWarning',
  'bench/kubernetes/run.ts',
  '--rounds',
  '2',
  '--services',
  '20',
  '-o',
  'json',
];

test('a short bench beside the Argo Rollouts controller ends with one line that has a figure for everything', async () => {
  const { stdout } = await promisify(execFile)(process.execPath, words);
  const lines = stdout.trimEnd().split('\n');
  assert.equal(lines.length, 1, 'all that a person reads goes elsewhere');
  const document = JSON.parse(lines[0] ?? '');
  assert.equal(document.schema, 'sofare/bench-kubernetes@1');
  const { patch_ms, abort_route_written_ms, undo_route_written_ms, fleet } = document;
  const times = [patch_ms, ...Object.values(abort_route_written_ms), ...Object.values(undo_route_written_ms)] as number[];
  assert.equal(times.length, 5);
  for (const took of [...times, fleet.route_written_p99_ms]) assert.ok(took > 0 && took < 60_000, String(took));
  assert.ok(fleet.requests >= 20 * 10, 'each service is read and written');
  assert.ok(fleet.requests_per_second <= fleet.budget_per_second);
});
