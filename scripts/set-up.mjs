import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { alone } from './alone.mjs';
import { findNode, npmProgram, root } from './places.mjs';

/** Installs what the lock file names, unless it is there already. Runs on Node 20; says what it does on stderr. */
export async function setUp() {
  if (installed()) return;
  await alone(join(root, '.set-up.lock'), () => {
    if (installed()) return;
    process.stderr.write('sofare: installing what this checkout needs (about 20 s, once) ...\n');
    npm(['ci', '--no-audit', '--no-fund', '--loglevel=error'], root);
  });
}

/** Runs npm; its output goes to stderr, since stdout may be read by a program. */
export function npm(words, folder) {
  const [program, first] = npmProgram();
  const { status, error } = spawnSync(program, [...first, ...words], { cwd: folder, stdio: ['ignore', 2, 2] });
  if (error) throw error;
  if (status !== 0) throw new Error(`npm ${words[0]} failed in ${folder} (exit ${status})`);
}

/** Compares the lock file with npm's own record of what it installed; packages for other platforms may be absent. */
function installed() {
  const wanted = readLock('package-lock.json');
  const found = readLock('node_modules/.package-lock.json');
  if (found === null || findNode(root) === null) return false;
  return Object.entries(wanted).every(
    ([path, { version, optional }]) => path === '' || (found[path] ? found[path].version === version : optional === true),
  );
}

function readLock(name) {
  try {
    return JSON.parse(readFileSync(join(root, name), 'utf8')).packages;
  } catch {
    return null;
  }
}
