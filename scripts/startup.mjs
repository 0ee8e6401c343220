// npm run startup [-- WORDS...]: what `sofare current` and `sofare status`, or the command given, load and cost on Node 24.
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Local } from '../test/fixtures/local.ts';
import { build } from './build.mjs';
import { root } from './places.mjs';

const runs = 15;
const asked = process.argv.slice(2);

await build();
await using local = new Local();
await local.must(0, 'register', '1.0.0', local.model('1.0.0'));
await local.must(0, 'deploy', '1.0.0', '-y');
const environment = {
  ...process.env,
  NODE_COMPILE_CACHE: join(local.directory, 'compiled'),
  SOFARE_TRACE: join(local.directory, 'trace.json'),
};

for (const words of asked.length > 0 ? [asked] : [['current'], ['status']]) {
  run(words);
  const { files, builtins } = run(words);
  const bare = median(Array.from({ length: runs }, () => cpuOf(['-e', '0'])));
  const whole = median(Array.from({ length: runs }, () => cpuOf([join(root, 'dist', 'main.js'), ...words])));
  process.stdout.write(`sofare ${words.join(' ')}: ${whole} ms of processor time, median of ${runs} (node alone ${bare} ms)\n`);
  for (const file of files) process.stdout.write(`  ${relative(root, fileURLToPath(file))}\n`);
  process.stdout.write(`  built in: ${builtins.filter((name) => builtinModules.includes(name)).join(' ')}\n\n`);
}

/** One run that notes what it loads. */
function run(words) {
  const trace = ['--import', join(root, 'scripts', 'startup-trace.mjs')];
  const { status, stderr } = spawnSync(process.execPath, [...trace, join(root, 'dist', 'main.js'), ...words], {
    cwd: local.directory,
    env: environment,
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(`sofare ${words.join(' ')} ended with ${status}\n${stderr}`);
  return JSON.parse(readFileSync(environment.SOFARE_TRACE, 'utf8'));
}

/** User and system time of a whole run, in ms, as the shell measures it: what Node spends before our code is in it. */
function cpuOf(words) {
  const script = 'TIMEFORMAT="%U %S"; { time "$0" "$@" >/dev/null 2>&1; } 2>&1';
  const { stdout } = spawnSync('bash', ['-c', script, process.execPath, ...words], {
    cwd: local.directory,
    env: environment,
    encoding: 'utf8',
  });
  const [user, system] = stdout.trim().split(' ').map(Number);
  return Math.round(1000 * (user + system));
}

function median(values) {
  return values.sort((a, b) => a - b)[Math.floor(values.length / 2)];
}
