import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { runVectors } from './stat-vectors.ts';
import { statFunctions } from './stat-functions.ts';

test('where the given vectors do not reach, the functions give what SciPy gives: far tails, ties, large counts, empty sides', () => {
  const document: unknown = JSON.parse(readFileSync(join(import.meta.dirname, 'scipy-vectors.json'), 'utf8'));
  const results = runVectors(document, statFunctions);
  assert.ok(results.length > 60);
  assert.deepEqual(
    results.filter(({ failure }) => failure !== null),
    [],
  );
});
