// npm run setup:real [-- --yes]: installs the parts that the tiers of npm run test:real need; asks first on a terminal.
import { spawnSync } from 'node:child_process';
import { createInterface } from 'node:readline/promises';
import { parts } from '../test/real/parts.mjs';

const missing = Object.entries(parts)
  .map(([name, part]) => ({ name, ...part, reason: part.missing() }))
  .filter(({ reason }) => reason !== null);
for (const name of Object.keys(parts)) {
  const found = missing.find((part) => part.name === name);
  process.stdout.write(found ? `${name}: ${found.reason}\n` : `${name}: here\n`);
}

const installable = missing.filter(({ install }) => install !== null);
if (installable.length > 0 && !(await agreed())) {
  process.stderr.write('nothing was installed; npm run setup:real -- --yes installs without asking\n');
  process.exit(6);
}
for (const { name, install, missing: stillMissing } of installable) {
  for (const [program, ...words] of install) {
    const { status, error } = spawnSync(program, words, {
      stdio: ['ignore', 2, 2],
      env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
    });
    if (status !== 0) fail(`${name}: ${[program, ...words].join(' ')} failed (${error?.message ?? `exit ${status}`})`);
  }
  const reason = stillMissing();
  if (reason !== null) fail(`${name}: installed, and yet ${reason}`);
  process.stdout.write(`${name}: installed\n`);
}

async function agreed() {
  for (const { name, install } of installable)
    process.stderr.write(`${name} needs: ${install.map((words) => words.join(' ')).join(' && ')}\n`);
  if (process.argv.includes('--yes')) return true;
  if (!process.stdin.isTTY) return false;
  const lines = createInterface({ input: process.stdin, output: process.stderr });
  const answer = await lines.question('Run these? [y/N] ');
  lines.close();
  return /^y(es)?$/i.test(answer.trim());
}

function fail(text) {
  process.stderr.write(`${text}\n`);
  process.exit(1);
}
