import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { before, test } from 'node:test';
import { build } from '../../scripts/build.mjs';
import { packed } from '../../scripts/packed.mjs';

const checkout = join(import.meta.dirname, '..', '..');
const manifest = JSON.parse(readFileSync(join(checkout, 'package.json'), 'utf8'));

before(async () => {
  await build();
});

test('the package holds the launcher, the bundles, the example and its papers, and nothing else', () => {
  const { paths } = packed();
  for (const needed of [
    'bin/sofare.js',
    'bin/package.json',
    'dist/main.js',
    'dist/host.js',
    'dist/index.js',
    'dist/NOTICES.txt',
    'examples/flights/server.mjs',
    'LICENSE',
    'package.json',
  ]) {
    assert.ok(paths.includes(needed), `${needed} is missing`);
  }
  const expected =
    /^(?:bin\/[\w-]+\.js(?:on)?|dist\/.+\.js|dist\/types\/.+\.d\.ts|dist\/NOTICES\.txt|examples\/flights\/(?!train).+|schema\.json|(?:README|CHANGELOG)\.md|LICENSE|package\.json)$/;
  assert.deepEqual(
    paths.filter((path: string) => !expected.test(path)),
    [],
  );
});

test('every dependency is pinned to one version', () => {
  const ranges = Object.entries({ ...manifest.dependencies, ...manifest.devDependencies }).filter(
    ([, version]) => !/^\d+\.\d+\.\d+$/.test(String(version)),
  );
  assert.deepEqual(ranges, []);
});

test('the lock file holds what package.json asks for, and no address to fetch it from', () => {
  const lock = JSON.parse(readFileSync(join(checkout, 'package-lock.json'), 'utf8'));
  assert.deepEqual(lock.packages[''].dependencies, manifest.dependencies);
  assert.deepEqual(lock.packages[''].devDependencies, manifest.devDependencies);
  assert.deepEqual(
    Object.entries<{ resolved?: string }>(lock.packages).filter(([, { resolved }]) => resolved !== undefined),
    [],
  );
});

test('the licence of every bundled dependency travels with the bundle', () => {
  const notices = readFileSync(join(checkout, 'dist', 'NOTICES.txt'), 'utf8');
  const { node: _theRuntime, ...bundled } = manifest.dependencies;
  for (const [name, version] of Object.entries(bundled))
    assert.match(notices, new RegExp(`^${name} ${version} \\([\\w.-]+\\)\\n\\n\\S`, 'm'));
});

test('the bundle starts, and knows its version', () => {
  const said = execFileSync(process.execPath, [join(checkout, 'dist', 'main.js'), '-V'], { encoding: 'utf8' });
  assert.equal(said, `${manifest.version}\n`);
});
