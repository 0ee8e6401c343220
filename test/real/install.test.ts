import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { olderNode } from './parts.mjs';

const checkout = join(import.meta.dirname, '..', '..');
const { version } = JSON.parse(readFileSync(join(checkout, 'package.json'), 'utf8'));
const folder = mkdtempSync(join(tmpdir(), 'sofare-install-'));
const clone = join(folder, 'clone');

const ofThisRun = /^(?:npm_(?!config_(?:registry|cafile|userconfig|globalconfig)$)|node_(?!extra_ca_certs$)|init_cwd)/i;
/** What a newcomer has: an older Node first on the path, npm, the way to its registry, and nothing else of this run's own npm. */
const environment = {
  ...Object.fromEntries(Object.entries(process.env).filter(([name]) => !ofThisRun.test(name))),
  PATH: `${olderNode()}:${(process.env['PATH'] ?? '')
    .split(':')
    .filter((each) => !each.includes('node_modules'))
    .join(':')}`,
  SOFARE_CACHE: join(folder, 'cache'),
};

before(() => must(checkout, 'git', 'clone', '--quiet', '--no-hardlinks', checkout, clone));
after(() => rmSync(folder, { recursive: true, force: true }));

test('npx . in a fresh clone sets itself up and runs on Node 24', (context) => {
  const begun = performance.now();
  assert.equal(must(clone, 'npx', '.', '-V'), `${version}\n`);
  context.diagnostic(`first run ${((performance.now() - begun) / 1000).toFixed(1)} s`);
  const again = performance.now();
  runsHere(clone, 'npx', '.');
  context.diagnostic(`second run ${((performance.now() - again) / 1000).toFixed(1)} s`);
});

test('npm link of a fresh clone gives a command that sets the clone up on its first use', () => {
  const linked = join(folder, 'linked');
  must(checkout, 'git', 'clone', '--quiet', '--no-hardlinks', checkout, linked);
  const prefix = emptyFolder('link-prefix');
  mustWith({ npm_config_prefix: prefix }, linked, 'npm', 'link', '--loglevel=error');
  runsHere(emptyFolder('elsewhere'), join(prefix, 'bin', 'sofare'));
});

test('the packed file, in a project and globally: the command runs on its own Node 24, the library has its types', (context) => {
  const tarball = join(clone, must(clone, 'npm', 'pack', '--silent').trim().split('\n').at(-1) ?? '');
  const project = emptyFolder('project');
  writeFileSync(join(project, 'package.json'), '{ "private": true, "type": "module" }');
  const begun = performance.now();
  must(project, 'npm', 'install', '--loglevel=error', tarball);
  context.diagnostic(`npm install FILE.tgz ${((performance.now() - begun) / 1000).toFixed(1)} s`);
  runsHere(project, join(project, 'node_modules', '.bin', 'sofare'));
  runsHere(project, 'npx', '--no-install', 'sofare');
  libraryIsTyped(project);

  rmSync(join(project, 'node_modules', 'node'), { recursive: true });
  mendsItself(project, join(project, 'node_modules', '.bin', 'sofare'));

  const prefix = emptyFolder('global-prefix');
  must(project, 'npm', 'install', '--global', '--prefix', prefix, '--loglevel=error', tarball);
  runsHere(emptyFolder('anywhere'), join(prefix, 'bin', 'sofare'));

  const distrustful = emptyFolder('prefix-without-scripts');
  must(project, 'npm', 'install', '--global', '--prefix', distrustful, '--loglevel=error', '--ignore-scripts', tarball);
  mendsItself(project, join(distrustful, 'bin', 'sofare'));
});

/** Without its Node 24 the command is refused, and what the error says to paste mends the installation. */
function mendsItself(directory: string, command: string): void {
  const refused = run({}, directory, command, '-V');
  assert.equal(refused.status, 2);
  must(directory, 'sh', '-c', /next +(.*)$/m.exec(refused.stderr)?.[1] ?? 'false');
  runsHere(directory, command);
}

/** Its version and Node, and one real change: a version registered, put into production and read back from the database. */
function runsHere(directory: string, ...command: readonly [string, ...string[]]): void {
  const said = JSON.parse(must(directory, ...command, 'version', '-o', 'json'));
  assert.equal(said.version, version);
  assert.match(said.node, /^v(?:2[4-9]|[3-9]\d)\./);
  const registry = emptyFolder(`registry-${registries++}`);
  const where = ['--model', 'm', '--registry', registry];
  writeFileSync(join(registry, 'model.bin'), 'weights');
  must(directory, ...command, 'register', '1.0.0', join(registry, 'model.bin'), ...where, '-y');
  must(directory, ...command, 'deploy', '1.0.0', ...where, '-y');
  assert.equal(must(directory, ...command, 'current', ...where), '1.0.0\n');
}

let registries = 0;

/** A strict program of a user's own is checked against the declarations, themselves included. */
function libraryIsTyped(project: string): void {
  writeFileSync(
    join(project, 'use.ts'),
    "import { ModelVersionManager } from 'sofare';\nexport const manager: typeof ModelVersionManager = ModelVersionManager;\nexport const wrong: number = ModelVersionManager;\n",
  );
  cpSync(join(checkout, 'node_modules', '@types'), join(project, 'node_modules', '@types'), { recursive: true });
  cpSync(join(checkout, 'node_modules', 'undici-types'), join(project, 'node_modules', 'undici-types'), { recursive: true });
  const tsc = join(checkout, 'node_modules', '.bin', 'tsc');
  const words = [
    '--noEmit',
    '--strict',
    '--module',
    'nodenext',
    '--target',
    'es2024',
    '--lib',
    'es2024,esnext.disposable',
    '--types',
    'node',
    'use.ts',
  ];
  const { stdout } = run({ PATH: process.env['PATH'] ?? '' }, project, tsc, ...words);
  assert.match(stdout, /^use\.ts\(3,14\): error TS2322: [^\n]*\n(?: [^\n]*\n)*$/);
}

function emptyFolder(name: string): string {
  const made = join(folder, name);
  mkdirSync(made);
  return made;
}

function run(more: Readonly<Record<string, string>>, directory: string, program: string, ...words: readonly string[]) {
  return spawnSync(program, words, { cwd: directory, encoding: 'utf8', env: { ...environment, ...more }, timeout: 300_000 });
}

function mustWith(
  more: Readonly<Record<string, string>>,
  directory: string,
  program: string,
  ...words: readonly string[]
): string {
  const { status, stdout, stderr, error } = run(more, directory, program, ...words);
  assert.equal(status, 0, `${program} ${words.join(' ')}: ${error?.message ?? ''}\n${stdout}\n${stderr}`);
  return stdout;
}

function must(directory: string, program: string, ...words: readonly string[]): string {
  return mustWith({}, directory, program, ...words);
}
