import assert from 'node:assert/strict';
import { test } from 'node:test';
import { runSuite } from './run-suite.ts';
import { suites } from './suites.ts';

for (const suite of suites) {
  test(`all cases of ${suite.name} pass`, async () => {
    const results = await runSuite(suite, {});
    assert.ok(results.length > 10);
    assert.deepEqual(
      results.filter(({ failure }) => failure !== null),
      [],
    );
  });

  test(`${suite.name}: a file that is missing is a failure`, async () => {
    const [only] = await runSuite(suite, { [suite.variable]: '/nowhere/cases.json' });
    assert.match(only?.failure ?? '', /ENOENT/);
  });
}
