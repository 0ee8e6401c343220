import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { chmodSync, cpSync, mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';

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
      const command = [
        node,
        join(directory, 'sofare', 'dist', 'main.js'),
        ...words,
        '--model',
        'fraud',
        '--registry',
        join(directory, 'registry'),
        '-o',
        'json',
        '-q',
      ];
      const [program = '', ...rest] =
        user === 'root' ? command : ['setpriv', '--reuid=65534', '--regid=65534', '--clear-groups', ...command];
      const { status, stdout, stderr } = spawnSync(program, rest, {
        cwd: directory,
        encoding: 'utf8',
        env: { ...process.env, HOME: '/tmp' },
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
