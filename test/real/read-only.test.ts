import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { chmodSync, chownSync, cpSync, existsSync, mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { configuration } from '../fixtures/local.ts';

const repository = join(import.meta.dirname, '..', '..');

/** The program where another user can read it, wherever the checkout lies. */
function place(): {
  readonly directory: string;
  readonly run: (
    user: 'root' | 'nobody',
    ...words: readonly string[]
    // biome-ignore lint/suspicious/noExplicitAny: a document is read as the test expects it
  ) => { readonly code: number | null; readonly document: any };
} {
  const directory = mkdtempSync(join(tmpdir(), 'sofare-read-only-'));
  chmodSync(directory, 0o755);
  cpSync(join(repository, 'dist'), join(directory, 'sofare', 'dist'), { recursive: true });
  cpSync(join(repository, 'package.json'), join(directory, 'sofare', 'package.json'));
  const node = join(directory, 'node');
  cpSync(process.execPath, node);
  chmodSync(node, 0o755);
  return {
    directory,
    run: (user, ...words) => {
      const served = existsSync(join(directory, 'sofare.yaml'));
      const pointed = ['--model', 'fraud', '--registry', join(directory, 'registry')];
      const program = join(directory, 'sofare', 'dist', 'main.js');
      const command = [node, program, ...words, ...(served ? [] : pointed), '-o', 'json', '-q'];
      const [name = '', ...rest] =
        user === 'root' ? command : ['setpriv', '--reuid=65534', '--regid=65534', '--clear-groups', ...command];
      const { status, stdout, stderr } = spawnSync(name, rest, {
        cwd: directory,
        encoding: 'utf8',
        env: { ...process.env, HOME: '/tmp', XDG_RUNTIME_DIR: '' },
      });
      assert.notEqual(stdout, '', stderr);
      return { code: status, document: JSON.parse(stdout) };
    },
  };
}

test('a registry of another user is refused with what to do, and nothing of it changes', () => {
  const { directory, run } = place();
  const model = join(directory, 'model');
  mkdirSync(model);
  writeFileSync(join(model, 'weights'), 'one');
  assert.equal(run('root', 'register', '1.0.0', model).code, 0);
  for (const words of [['register', '1.1.0', model], ['deploy', '1.0.0'], ['list']]) {
    const { code, document } = run('nobody', ...words);
    assert.deepEqual([code, document.code, document.production], [2, 'registry.read-only', 'untouched'], words.join(' '));
    assert.match(document.next, /right to|as the user who owns/);
  }
  assert.deepEqual(
    run('root', 'list').document.versions.map(({ version }: { version: string }) => version),
    ['1.0.0'],
  );
});

test('whose local host it is may roll back though the registry was taken from them, and what was done follows', () => {
  const { directory, run } = place();
  const nobody = 65_534;
  chownSync(directory, nobody, nobody);
  cpSync(join(repository, 'test', 'fixtures', 'model-server.mjs'), join(directory, 'server.mjs'));
  const command = `command: ["${join(directory, 'node')}", "${join(directory, 'server.mjs')}"]`;
  writeFileSync(join(directory, 'sofare.yaml'), configuration(1).replace(/command: .*/, command));
  try {
    assert.equal(run('nobody', 'up', '--unsupervised').code, 0);
    for (const version of ['1.0.0', '1.1.0']) {
      const model = join(directory, version);
      mkdirSync(model);
      writeFileSync(join(model, 'model.json'), JSON.stringify({ version }));
      assert.equal(run('nobody', 'register', version, model).code, 0);
      assert.equal(run('nobody', 'deploy', version, '-y').code, 0);
    }
    const registry = join(directory, '.sofare', 'registry');
    chownSync(registry, 0, 0);
    assert.deepEqual(run('nobody', 'deploy', '1.0.0', '-y').document.code, 'registry.read-only');
    const { code, document } = run('nobody', 'rollback');
    assert.deepEqual([code, document.operation.plan.to, document.operation.verified], [0, '1.0.0', true]);
    assert.match(document.breakGlass, /permission denied|EACCES|cannot be/);
    chownSync(registry, nobody, nobody);
    assert.equal(run('nobody', 'resume', '--due').code, 0);
    const [service] = run('nobody', 'status').document.services;
    assert.deepEqual([service.pointer, service.differences], ['1.0.0', []]);
  } finally {
    run('nobody', 'down');
  }
});
