import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import {
  chmodSync,
  existsSync,
  linkSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { dirname, join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { type Problem, ProblemError } from '../../src/model/errors.ts';
import type { Artifact, Bundle } from '../../src/model/version.ts';
import type { Artifacts } from '../../src/ports/artifacts.ts';
import { temporaryFolder } from './store-fixture.ts';

export function bundleWith(artifacts: readonly Artifact[]): Bundle {
  return { artifacts, image: null, configuration: {}, environment: {}, schema: null, migrations: [] };
}

export function sha256(bytes: string | Uint8Array): string {
  return `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
}

/** Writes files under a new folder: path to content. */
export function sources(t: TestContext, files: Readonly<Record<string, string | Uint8Array>>): string {
  const root = temporaryFolder(t);
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), content);
  }
  return root;
}

export async function refusal(work: Promise<unknown>): Promise<Problem> {
  try {
    await work;
  } catch (error) {
    assert.ok(error instanceof ProblemError, String(error));
    assert.equal(error.problem.touched, 'no');
    return error.problem;
  }
  return assert.fail('nothing was refused');
}

const anyDigest = sha256('a bundle');

/** What every artifact store must do with what lies on this machine. `stored` counts the files it keeps. */
export function artifactsContract(kind: string, make: (t: TestContext) => { artifacts: Artifacts; stored(): number }): void {
  test(`${kind}: a folder is known by its relative paths, with size and SHA-256 of the bytes`, async (t) => {
    const { artifacts } = make(t);
    const root = sources(t, { 'model.bin': 'weights', 'conf/a.json': '{}', 'empty': '', 'größe/模型/🛫.txt': 'ü' });
    assert.deepEqual(await artifacts.put([root]), [
      { kind: 'stored', path: 'conf/a.json', digest: sha256('{}'), size: 2 },
      { kind: 'stored', path: 'empty', digest: sha256(''), size: 0 },
      { kind: 'stored', path: 'größe/模型/🛫.txt', digest: sha256('ü'), size: 2 },
      { kind: 'stored', path: 'model.bin', digest: sha256('weights'), size: 7 },
    ]);
  });

  test(`${kind}: a file is known by its name, and several paths make one bundle`, async (t) => {
    const { artifacts } = make(t);
    const root = sources(t, { 'one/model.bin': 'weights', 'two/b': 'b', 'two/deep/c': 'c' });
    const put = await artifacts.put([join(root, 'one/model.bin'), `${join(root, 'two')}/`]);
    assert.deepEqual(
      put.map((artifact) => artifact.kind === 'stored' && artifact.path),
      ['b', 'deep/c', 'model.bin'],
    );
  });

  test(`${kind}: what was put comes back byte for byte under its names, read-only`, async (t) => {
    const { artifacts } = make(t);
    const bytes = new Uint8Array(3_000_000).map((_, index) => (index * 7) % 251);
    const root = sources(t, { 'model.bin': bytes, 'conf/deep/ü.json': '{"a":1}', 'copy.json': '{"a":1}' });
    const bundle = bundleWith(await artifacts.put([root]));
    rmSync(root, { recursive: true });
    const folder = (await artifacts.open(bundle, anyDigest)) ?? '';
    assert.deepEqual(readdirSync(folder, { recursive: true }).sort(), [
      'conf',
      'conf/deep',
      'conf/deep/ü.json',
      'copy.json',
      'model.bin',
    ]);
    assert.deepEqual(new Uint8Array(readFileSync(join(folder, 'model.bin'))), bytes);
    assert.equal(readFileSync(join(folder, 'conf/deep/ü.json'), 'utf8'), '{"a":1}');
    for (const path of ['.', 'conf', 'conf/deep', 'conf/deep/ü.json', 'copy.json', 'model.bin']) {
      assert.equal(statSync(join(folder, path)).mode & 0o222, 0, path);
    }
    assert.equal(await artifacts.open(bundle, anyDigest), folder);
  });

  test(`${kind}: two that open the same bundle at once get the same folder`, async (t) => {
    const { artifacts } = make(t);
    const bundle = bundleWith(await artifacts.put([sources(t, { 'a': 'a', 'b/c': 'c' })]));
    const folders = await Promise.all(Array.from({ length: 5 }, () => artifacts.open(bundle, anyDigest)));
    assert.equal(new Set(folders).size, 1);
    assert.equal(readFileSync(join(folders[0] ?? '', 'b/c'), 'utf8'), 'c');
  });

  test(`${kind}: many that find a folder changed by somebody at once make it whole again, each time`, async (t) => {
    const { artifacts } = make(t);
    const bundle = bundleWith(await artifacts.put([sources(t, { 'a': 'a', 'b/c': 'c' })]));
    const folder = (await artifacts.open(bundle, anyDigest)) ?? '';
    for (let round = 0; round < 20; round += 1) {
      chmodSync(folder, 0o755);
      writeFileSync(join(folder, 'beside'), 'not ours');
      const folders = await Promise.all(Array.from({ length: 8 }, () => artifacts.open(bundle, anyDigest)));
      assert.deepEqual([...new Set(folders)], [folder]);
      assert.deepEqual(readdirSync(folder, { recursive: true }).sort(), ['a', 'b', 'b/c']);
    }
  });

  test(`${kind}: a bundle without stored files needs no folder`, async (t) => {
    const { artifacts } = make(t);
    const referenced: Artifact = { kind: 'referenced', uri: 's3://bucket/model', digest: anyDigest, size: 1 };
    assert.equal(await artifacts.open(bundleWith([referenced]), anyDigest), null);
    assert.deepEqual(await artifacts.verify(bundleWith([referenced]), 'full'), []);
  });

  test(`${kind}: the same bytes are kept once, however often and under whatever name`, async (t) => {
    const { artifacts, stored } = make(t);
    const root = sources(t, { a: 'same', b: 'same', c: 'other' });
    await Promise.all([artifacts.put([root]), artifacts.put([root]), artifacts.put([join(root, 'a')])]);
    assert.equal(stored(), 2);
  });

  test(`${kind}: a whole bundle has no faults, and a file that is not there is missing`, async (t) => {
    const { artifacts } = make(t);
    const bundle = bundleWith(await artifacts.put([sources(t, { a: 'a' })]));
    const absent: Artifact = { kind: 'stored', path: 'gone', digest: sha256('gone'), size: 4 };
    for (const depth of ['quick', 'full'] as const) {
      assert.deepEqual(await artifacts.verify(bundle, depth), []);
      const more = bundleWith([...bundle.artifacts, absent]);
      assert.deepEqual(await artifacts.verify(more, depth), [{ path: 'gone', digest: sha256('gone'), fault: 'missing' }]);
    }
    const problem = await refusal(artifacts.open(bundleWith([absent]), anyDigest));
    assert.equal(problem.code, 'artifact.missing');
    assert.match(problem.what, /gone/);
  });

  test(`${kind}: a hard link is the file itself`, async (t) => {
    const { artifacts } = make(t);
    const root = sources(t, { 'outside/model.bin': 'weights', 'in/x': 'x' });
    linkSync(join(root, 'outside/model.bin'), join(root, 'in/model.bin'));
    assert.equal((await artifacts.put([join(root, 'in')])).length, 2);
  });

  const refused: readonly (readonly [string, RegExp, (root: string) => string | readonly string[] | Promise<string>])[] = [
    ['a path that is not there', /no such file/, (root) => join(root, 'nowhere')],
    ['a folder without a file', /holds no file/, (root) => made(join(root, 'empty/deeper'))],
    ['a symbolic link', /symbolic link/, (root) => linked('../good', join(root, 'link'))],
    ['a symbolic link with a slash behind it', /symbolic link/, (root) => `${linked(root, join(root, 'link'))}/`],
    [
      'a folder with a symbolic link to a file',
      /symbolic link/,
      (root) => dirname(linked('/etc/passwd', join(root, 'sub/model.bin'))),
    ],
    ['a folder with a symbolic link to a folder', /symbolic link/, (root) => dirname(linked('/etc', join(root, 'sub/etc')))],
    ['a folder with a link to nothing', /symbolic link/, (root) => dirname(linked('nothing', join(root, 'sub/x')))],
    ['a device', /a device/, () => '/dev/null'],
    ['a pipe', /a pipe/, (root) => (execFileSync('mkfifo', [join(root, 'pipe')]), root)],
    ['a socket', /a socket/, (root) => root],
    ['a name with a line break', /control character/, (root) => written(root, 'a\nb')],
    ['a name with an escape', /control character/, (root) => written(root, 'a\u001b[31mb')],
    ['a folder name with a control character', /control character/, (root) => written(root, 'a\u0085/b')],
    ['a name that reads backwards', /control character/, (root) => written(root, 'nib\u202e.ledom')],
    ['a name with a backslash', /separates folders/, (root) => written(root, '..\\up')],
    [
      'a name that is not UTF-8',
      /not valid UTF-8/,
      (root) => (writeFileSync(Buffer.concat([Buffer.from(`${root}/a`), Buffer.from([0xff])]), 'x'), root),
    ],
    ['names that differ in case', /collides/, (root) => written(root, 'Model.bin', 'model.BIN')],
    ['names that differ in ß and ss', /collides/, (root) => written(root, 'straße', 'STRASSE')],
    ['names that differ in how an accent is written', /collides/, (root) => written(root, 'caf\u00e9', 'cafe\u0301')],
    ['folders that differ in case', /collides/, (root) => written(root, 'A/x', 'a/y')],
    ['a file and a folder that differ in case', /collides/, (root) => written(root, 'A', 'a/y')],
    [
      'the same name from two folders',
      /collides/,
      (root) => (written(root, 'one/m', 'two/m'), [join(root, 'one'), join(root, 'two')]),
    ],
  ];

  for (const [what, why, prepare] of refused) {
    test(`${kind}: ${what} is refused, and nothing is taken in`, async (t) => {
      const { artifacts, stored } = make(t);
      const root = sources(t, { good: 'good' });
      if (what === 'a socket') {
        const server = createServer().listen(join(root, 'socket'));
        t.after(() => server.close());
        await once(server, 'listening');
      }
      const prepared = await prepare(root);
      const problem = await refusal(artifacts.put(typeof prepared === 'string' ? [prepared] : prepared));
      assert.equal(problem.code, 'artifact.refused');
      assert.match(problem.why, why);
      assert.equal(stored(), 0);
    });
  }

  for (const path of ['../up', '/etc/cron.d/x', 'a/../../up', 'a//b', './a', '', 'a\0b', 'a\\b', `${'x'.repeat(256)}`]) {
    test(`${kind}: a bundle that says ${JSON.stringify(path.slice(0, 20))} is not unpacked`, async (t) => {
      const { artifacts } = make(t);
      const [good] = await artifacts.put([sources(t, { good: 'good' })]);
      assert.ok(good?.kind === 'stored');
      const problem = await refusal(artifacts.open(bundleWith([good, { ...good, path }]), anyDigest));
      assert.equal(problem.code, 'artifact.refused');
    });
  }

  test(`${kind}: a digest that is none is not made part of a path`, async (t) => {
    const { artifacts } = make(t);
    const bad: Artifact = { kind: 'stored', path: 'a', digest: 'sha256:../../../etc/passwd', size: 1 };
    assert.equal((await refusal(artifacts.verify(bundleWith([bad]), 'full'))).code, 'artifact.refused');
    assert.equal((await refusal(artifacts.open(bundleWith([bad]), anyDigest))).code, 'artifact.refused');
  });

  test(`${kind}: what was just put is not removed, though no version names it yet`, async (t) => {
    const { artifacts } = make(t);
    const bundle = bundleWith(await artifacts.put([sources(t, { a: 'a' })]));
    assert.deepEqual(await artifacts.remove([]), []);
    assert.deepEqual(await artifacts.verify(bundle, 'full'), []);
    assert.ok(existsSync((await artifacts.open(bundle, anyDigest)) ?? ''));
  });
}

function made(folder: string): string {
  mkdirSync(folder, { recursive: true });
  return dirname(folder);
}

function linked(to: string, link: string): string {
  mkdirSync(dirname(link), { recursive: true });
  symlinkSync(to, link);
  return link;
}

function written(root: string, ...paths: readonly string[]): string {
  for (const path of paths) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), path);
  }
  return root;
}
