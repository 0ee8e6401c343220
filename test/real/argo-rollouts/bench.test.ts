import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { test } from 'node:test';
import { promisify } from 'node:util';

const words = ['--disable-warning=ExperimentalWarning', 'bench/kubernetes/run.ts', '--rounds', '2', '-o', 'json'];

test('a short bench beside the Argo Rollouts controller ends with one line that has a figure for everything', async () => {
  const { stdout } = await promisify(execFile)(process.execPath, words);
  const lines = stdout.trimEnd().split('\n');
  assert.equal(lines.length, 1, 'all that a person reads goes elsewhere');
  const document = JSON.parse(lines[0] ?? '');
  assert.equal(document.schema, 'sofare/bench-kubernetes@1');
  const figures = [document.patch_ms, document.abort_route_written_ms.sofare, document.abort_route_written_ms.argo];
  for (const took of figures) assert.ok(took > 0 && took < 60_000, String(took));
});
