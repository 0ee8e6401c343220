// npm test [-- FILES...]: type check, then every test that needs nothing but what npm installed.
import { globSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { build } from './build.mjs';
import { root, run, runAs } from './places.mjs';

const asked = process.argv.slice(2);
const files = asked.length > 0 ? asked : globSync('test/**/*.test.ts', { cwd: root, exclude: ['test/real/**'] }).sort();

await build();
run(join(root, 'node_modules', '.bin', 'tsc'), ['-p', 'tsconfig.json']);
// The tests wait for processes and disks more than they compute, but beside one another they would starve a small machine.
const lanes = Math.max(2, Math.min(availableParallelism(), 4));
// Far longer than any file takes: one that never ends must fail and be named, not hold everybody up.
const patience = 900_000;
runAs(process.execPath, [
  '--test',
  '--test-reporter=spec',
  `--test-concurrency=${lanes}`,
  `--test-timeout=${patience}`,
  ...files,
]);
