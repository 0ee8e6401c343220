// npm run cases: runs every file of given cases and ends with `N passed, M failed`. SOFARE_ARGO_CASES and SOFARE_STAT_VECTORS name other
// files of the same form.
import { runSuite } from '../test/cases/run-suite.ts';
import { suites } from '../test/cases/suites.ts';

let [passed, failed] = [0, 0];
for (const suite of suites) {
  const results = await runSuite(suite, process.env);
  const bad = results.filter(({ failure }) => failure !== null);
  for (const { id, failure } of bad) process.stdout.write(`${suite.name}: ${id}: ${failure}\n`);
  process.stdout.write(`${suite.name}: ${results.length - bad.length} of ${results.length} passed\n`);
  passed += results.length - bad.length;
  failed += bad.length;
}
process.stdout.write(`${passed} passed, ${failed} failed\n`);
process.exitCode = failed === 0 ? 0 : 1;
