// npm run test:real [-- TIERS...]: the tests that need a part beyond what npm installs, or more time than a person waits.
import { globSync } from 'node:fs';
import { basename, join } from 'node:path';
import { finished } from 'node:stream/promises';
import { run } from 'node:test';
import { spec } from 'node:test/reporters';
import { parts } from '../test/real/parts.mjs';
import { tiers } from '../test/real/tiers.mjs';
import { build } from './build.mjs';
import { root } from './places.mjs';

const asked = process.argv.slice(2);
/** Far longer than any file takes: one that never ends must fail and be named, not hold everybody up. */
const patience = 2_400_000;
const nothingMayBeSkipped = process.env.CI === 'true';
const count = { passed: 0, failed: 0, skipped: 0 };
const because = new Map(Object.entries(parts).map(([name, part]) => [name, part.missing()]));
const beside = [];
const alone = [];

await build();
for (const [name, files] of filesByTier()) {
  if (asked.length > 0 && !asked.includes(name)) continue;
  const tier = tiers[name] ?? { needs: [], alone: true };
  const reason = tier.needs.map((part) => because.get(part)).find((why) => why !== null);
  if (reason === undefined) (tier.alone ? alone : beside).push(...files);
  else if (nothingMayBeSkipped) fail(`tier ${name} cannot run, and with CI=true none may be skipped: ${reason}`);
  else skip(`tier ${name} skipped: ${reason}`);
}
await runFiles(beside, 2);
await runFiles(alone, 1);
process.stdout.write(`\n${count.passed} passed, ${count.failed} failed, ${count.skipped} skipped\n`);
process.exitCode = count.failed > 0 || (nothingMayBeSkipped && count.skipped > 0) || count.passed === 0 ? 1 : 0;

/** A tier is a file NAME.test.ts or a folder NAME/ in test/real/. */
function filesByTier() {
  const files = globSync('test/real/**/*.test.ts', { cwd: root }).sort();
  return Map.groupBy(files, (file) => basename(file.split('/')[2], '.test.ts'));
}

async function runFiles(files, concurrency) {
  if (files.length === 0) return;
  const events = run({ files: files.map((file) => join(root, file)), concurrency, cwd: root, timeout: patience });
  events.on('test:summary', ({ file, counts }) => {
    if (file !== undefined) return;
    count.passed += counts.passed;
    count.failed += counts.failed + counts.cancelled;
    count.skipped += counts.skipped + counts.todo;
  });
  const lines = events.compose(spec);
  lines.pipe(process.stdout, { end: false });
  await finished(lines);
}

function skip(line) {
  count.skipped += 1;
  process.stdout.write(`${line}\n`);
}

function fail(line) {
  count.failed += 1;
  process.stdout.write(`${line}\n`);
}
