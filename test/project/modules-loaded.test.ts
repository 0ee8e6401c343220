import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { test } from 'node:test';
import { Local } from '../fixtures/local.ts';

const program = join(import.meta.dirname, '..', '..', 'dist', 'main.js');

interface Loaded {
  /** Parts of the bundle that have a name: entries of lazy imports. */
  readonly parts: readonly string[];
  /** Dependencies of which at least some code was loaded. */
  readonly packages: readonly string[];
  /** Modules of Node that cost much and are seldom needed. */
  readonly heavy: readonly string[];
}

/** Runs a command and sees what it loads. */
function loadedBy(local: Local, command: string): Loaded {
  const hook = join(mkdtempSync(join(tmpdir(), 'sofare-loaded-')), 'hook.mjs');
  writeFileSync(
    hook,
    `import { registerHooks } from 'node:module';
     const files = [];
     registerHooks({ load: (url, context, next) => { files.push(url); return next(url, context); } });
     process.on('exit', () => process.stderr.write('LOADED ' + JSON.stringify({ files, builtins: process.moduleLoadList }) + '\\n'));`,
  );
  const { stderr, status } = spawnSync(process.execPath, ['--import', hook, program, command], {
    cwd: local.directory,
    encoding: 'utf8',
  });
  assert.equal(status, 0, stderr);
  const { files, builtins } = JSON.parse(stderr.split('LOADED ')[1] ?? '') as {
    files: readonly string[];
    builtins: readonly string[];
  };
  const ours = files.filter((url) => url.includes('/dist/')).map((url) => url.replace('file://', ''));
  const packages = ours.flatMap((file) =>
    [...readFileSync(file, 'utf8').matchAll(/^\/\/ (?:.*\/)?node_modules\/((?:@[^/]+\/)?[^/]+)\//gm)].map(
      ([, name]) => name ?? '',
    ),
  );
  return {
    parts: ours
      .map((file) => basename(file).replace(/(-[A-Z0-9]{8})?\.js$/, ''))
      .filter((name) => name !== 'chunk')
      .sort(),
    packages: [...new Set(packages)].sort(),
    heavy: ['internal/deps/undici/undici', 'http2', 'internal/crypto/webcrypto'].filter((name) =>
      builtins.includes(`NativeModule ${name}`),
    ),
  };
}

test('current and status load what they need and nothing else', async () => {
  await using local = new Local();
  await local.must(0, 'register', '1.0.0', local.model('1.0.0'));
  await local.must(0, 'deploy', '1.0.0', '-y');
  const packages = ['commander', 'kysely', 'semver', 'valibot', 'yaml'];
  assert.deepEqual(loadedBy(local, 'current'), { parts: ['current', 'find', 'folder', 'main', 'sqlite'], packages, heavy: [] });
  assert.deepEqual(loadedBy(local, 'status'), {
    parts: ['find', 'folder', 'host', 'main', 'process', 'proxy', 'reach-host', 'sqlite', 'status'],
    packages,
    heavy: [],
  });
});
