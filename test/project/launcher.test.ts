import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { test } from 'node:test';
import { transform } from 'esbuild';
import { Installation } from './installation.ts';

const checkout = join(import.meta.dirname, '..', '..');
const failureStop = 60_000;

function launch(
  installed: Installation,
  version: string,
  words: readonly string[],
  more: { readonly input?: string; readonly cache?: string } = {},
) {
  const environment = { ...process.env, SOFARE_CACHE: more.cache ?? join(installed.folder, 'cache') };
  const options = { encoding: 'utf8', input: more.input ?? '', env: environment, timeout: failureStop } as const;
  return spawnSync(process.execPath, ['--require', installed.pretends(version), installed.launcher, ...words], options);
}

test('an older Node hands over to the Node 24 beside the package: words, streams and exit code pass through', () => {
  using installed = new Installation('node');
  const shown = JSON.parse(launch(installed, '20.11.0', ['show', '--', '-V', 'two words', '']).stdout);
  assert.deepEqual(shown.words, ['show', '--', '-V', 'two words', '']);
  assert.equal(shown.node, process.versions.node);
  assert.equal(launch(installed, '20.11.0', ['echo'], { input: 'through' }).stdout, 'through');
  assert.equal(launch(installed, '22.20.0', ['exit', '11']).status, 11);
});

test('a Node that is new enough runs it in the same process, with nothing beside it', async () => {
  using installed = new Installation('nothing');
  const child = spawn(process.execPath, [installed.launcher, 'show'], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, SOFARE_CACHE: join(installed.folder, 'cache') },
  });
  const [line] = await once(createInterface({ input: child.stdout }), 'line');
  assert.equal(JSON.parse(line).pid, child.pid);
});

test('the launcher dies by the signal that its program died by', () => {
  using installed = new Installation('node');
  for (const signal of ['SIGTERM', 'SIGKILL', 'SIGINT'] as const)
    assert.equal(launch(installed, '20.11.0', ['die', signal]).signal, signal);
});

test('a signal to the launcher alone reaches its program, once', async () => {
  using installed = new Installation('node');
  const words = ['--require', installed.pretends('20.11.0'), installed.launcher, 'wait'];
  // Detached: without a terminal, as a service manager or a pipeline starts it.
  const child = spawn(process.execPath, words, {
    detached: true,
    stdio: ['ignore', 'pipe', 'inherit'],
    timeout: failureStop,
    env: { ...process.env, SOFARE_CACHE: join(installed.folder, 'cache') },
  });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const program = Number((await lines.next()).value?.split(' ')[1]);
  const seen: string[] = [];
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    child.kill(signal);
    seen.push((await lines.next()).value ?? 'nothing');
  }
  const exit = once(child, 'exit');
  process.kill(program, 'SIGUSR2');
  for (let line = await lines.next(); line.done !== true; line = await lines.next()) seen.push(line.value);
  assert.deepEqual(seen, ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGUSR2']);
  assert.deepEqual(await exit, [12, null]);
});

test('too old and no Node 24 beside it: one error with its code, the state of production and a command that mends it', () => {
  const expected = [
    ['nothing', /next +cd .*node_modules\/sofare && npm install --no-save --omit=dev node@\d+\.\d+\.\d+$/m],
    ['node without its program', /next +cd .*node_modules\/node && npm run preinstall$/m],
    ['an older node', /but an older version of it$/m],
  ] as const;
  for (const [beside, mends] of expected) {
    using installed = new Installation(beside);
    const { status, stdout, stderr } = launch(installed, '20.11.0', ['exit', '0']);
    assert.equal(status, 2);
    assert.equal(stdout, '');
    assert.match(stderr, /^✗ .* Node 20\.11\.0 \(runtime\.too-old\)$/m);
    assert.match(stderr, /^ {2}production {2}untouched$/m);
    assert.match(stderr, mends);
  }
});

test('what a very old Node reads of the launcher is old JavaScript, and it is refused without a hand-over', async () => {
  for (const file of ['sofare.js', 'newer-node.js', 'refuse.js']) {
    await transform(readFileSync(join(checkout, 'bin', file), 'utf8'), { target: 'es5' });
  }
  using installed = new Installation('node');
  const { status, stderr } = launch(installed, '10.24.1', ['exit', '0']);
  assert.equal(status, 2);
  assert.match(stderr, /runtime\.too-old/);
});

test('compiled code is kept in the cache, which need not be writable and is not passed on to model processes', () => {
  using installed = new Installation('node');
  const cache = join(installed.folder, 'kept');
  const shown = JSON.parse(launch(installed, '20.11.0', ['show'], { cache }).stdout);
  const { version } = JSON.parse(readFileSync(join(checkout, 'package.json'), 'utf8'));
  assert.equal(existsSync(join(cache, 'compile', version)), true);
  assert.equal(shown.cache, null);
  assert.equal(launch(installed, '20.11.0', ['exit', '0'], { cache: '/dev/null/cache' }).status, 0);
});
