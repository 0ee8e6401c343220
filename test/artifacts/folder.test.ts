import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  appendFileSync,
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { folderArtifacts } from '../../src/adapters/artifacts/folder.ts';
import type { ArtifactFolders } from '../../src/adapters/artifacts/layout.ts';
import { blobFile } from '../../src/adapters/artifacts/layout.ts';
import type { Artifacts } from '../../src/ports/artifacts.ts';
import { noFailpoints } from '../../src/ports/failpoints.ts';
import { artifactsContract, bundleWith, refusal, sha256, sources } from '../contract/artifacts-contract.ts';
import { temporaryFolder } from '../contract/store-fixture.ts';
import { blobFiles, foldersIn, wrongBlobs } from './fixture.ts';

function store(t: TestContext): { artifacts: Artifacts; folders: ArtifactFolders; root: string } {
  const root = temporaryFolder(t);
  const folders = foldersIn(root);
  return { artifacts: folderArtifacts({ ...folders, failpoints: noFailpoints }), folders, root };
}

artifactsContract('a folder', (t) => {
  const { artifacts, folders } = store(t);
  return { artifacts, stored: () => (existsSync(folders.blobs) ? readdirSync(folders.blobs).length : 0) };
});

function flip(file: string): void {
  const bytes = readFileSync(file);
  bytes.writeUInt8((bytes[0] ?? 0) ^ 1, 0);
  const { atime, mtime } = statSync(file);
  chmodSync(file, 0o644);
  writeFileSync(file, bytes);
  utimesSync(file, atime, mtime);
}

interface Child {
  readonly signal: string | null;
  readonly points: number;
  readonly kilobytes: number;
}

async function putInChild(root: string, source: string, killAt: number): Promise<Child> {
  const child = spawn(process.execPath, [new URL('./put-child.ts', import.meta.url).pathname, root, source, String(killAt)]);
  let output = '';
  let complaint = '';
  child.stdout.on('data', (text: Buffer) => (output += text.toString()));
  child.stderr.on('data', (text: Buffer) => (complaint += text.toString()));
  const [code, signal] = (await once(child, 'close')) as [number | null, string | null];
  if (signal === null) assert.equal(code, 0, complaint);
  return {
    signal,
    ...(signal === null ? (JSON.parse(output) as { points: number; kilobytes: number }) : { points: 0, kilobytes: 0 }),
  };
}

test('a blob is read-only, and staging is empty after a put', async (t) => {
  const { artifacts, folders } = store(t);
  await artifacts.put([sources(t, { a: 'a', b: 'b' })]);
  for (const file of blobFiles(folders)) assert.equal(statSync(file).mode & 0o777, 0o444);
  assert.deepEqual(readdirSync(folders.staging), []);
});

test('killed at any point of a put, nothing half is there, and the next put is whole', { timeout: 300_000 }, async (t) => {
  const source = sources(t, { 'a': 'small', 'big.bin': new Uint8Array(2_500_000).fill(7), 'sub/b': 'small' });
  const { points } = await putInChild(temporaryFolder(t), source, 0);
  // Five around each file, one more for each further MiB, one for the folder.
  assert.equal(points, 3 * 5 + 2 + 1);
  for (let point = 1; point <= points; point += 1) {
    const { artifacts, folders, root } = store(t);
    assert.equal((await putInChild(root, source, point)).signal, 'SIGKILL', `point ${point}`);
    assert.deepEqual(wrongBlobs(folders), [], `point ${point}`);
    for (const file of blobFiles(folders)) assert.equal(statSync(file).mode & 0o777, 0o444);
    const bundle = bundleWith(await artifacts.put([source]));
    assert.deepEqual(await artifacts.verify(bundle, 'full'), []);
    assert.equal(blobFiles(folders).length, 2);
  }
});

test('64 MiB go through in bounded memory', { timeout: 120_000 }, async (t) => {
  const root = sources(t, { 'large.bin': '' });
  truncateSync(join(root, 'large.bin'), 64 << 20);
  const { kilobytes } = await putInChild(temporaryFolder(t), root, 0);
  assert.ok(kilobytes < 24 << 10, `${kilobytes} kB more`);
});

for (const [what, spoil, quick] of [
  ['with one flipped bit', flip, false],
  ['that is shorter', (file: string) => (chmodSync(file, 0o644), truncateSync(file, 3)), true],
  ['that is longer', (file: string) => (chmodSync(file, 0o644), appendFileSync(file, 'x')), true],
  [
    'that became a link',
    (file: string) => {
      renameSync(file, `${file}-moved`);
      symlinkSync(`${file}-moved`, file);
    },
    true,
  ],
] as const) {
  test(`a stored file ${what} is named, never served and never written over`, async (t) => {
    const { artifacts, folders } = store(t);
    const root = sources(t, { 'model.bin': 'weights', 'other': 'fine' });
    const bundle = bundleWith(await artifacts.put([root]));
    const blob = blobFile(folders, sha256('weights'));
    spoil(blob);
    const before = readFileSync(blob);
    const fault = [{ path: 'model.bin', digest: sha256('weights'), fault: 'damaged' }];
    assert.deepEqual(await artifacts.verify(bundle, 'full'), fault);
    assert.deepEqual(await artifacts.verify(bundle, 'quick'), quick ? fault : []);
    const put = await refusal(artifacts.put([root]));
    assert.equal(put.code, 'artifact.damaged');
    assert.ok(put.what.includes(blob));
    assert.deepEqual(readFileSync(blob), before);
    assert.deepEqual(readdirSync(folders.staging), []);
    if (what === 'that became a link') return;
    const opened = await refusal(artifacts.open(bundle, sha256('bundle')));
    assert.equal(opened.code, 'artifact.damaged');
    assert.ok(opened.what.includes(blob));
    assert.deepEqual(readdirSync(folders.checkouts), []);
  });
}

test('a file that is written to while it is read is refused', async (t) => {
  const root = sources(t, { 'model.bin': 'weights' });
  let writes = 0;
  const artifacts = folderArtifacts({
    ...foldersIn(temporaryFolder(t)),
    failpoints: {
      hit: (name) => {
        if (name !== 'artifacts.after-write' || writes > 0) return;
        writes += 1;
        appendFileSync(join(root, 'model.bin'), 'more');
      },
    },
  });
  const problem = await refusal(artifacts.put([root]));
  assert.equal(problem.code, 'artifact.refused');
  assert.match(problem.why, /changed while it was read/);
});

for (const [code, told] of [
  ['ENOSPC', 'registry.full'],
  ['EDQUOT', 'registry.full'],
  ['EROFS', 'registry.read-only'],
] as const) {
  test(`${code} in the middle of a put is told as ${told}, and leaves nothing behind`, async (t) => {
    const folders = foldersIn(temporaryFolder(t));
    const artifacts = folderArtifacts({
      ...folders,
      failpoints: {
        hit: (name) => {
          if (name === 'artifacts.after-write') throw Object.assign(new Error(`${code}: write`), { code });
        },
      },
    });
    assert.equal((await refusal(artifacts.put([sources(t, { a: 'a' })]))).code, told);
    assert.deepEqual([readdirSync(folders.blobs), readdirSync(folders.staging)], [[], []]);
  });
}

test('a file that was swapped for a link after it was looked at is refused', async (t) => {
  const { root: registry } = store(t);
  const root = sources(t, { a: 'a', b: 'b' });
  const artifacts = folderArtifacts({
    ...foldersIn(registry),
    failpoints: {
      hit: (name) => {
        if (name !== 'artifacts.before-write' || readdirSync(root).length === 1) return;
        rmSync(join(root, 'b'));
        symlinkSync('/etc/passwd', join(root, 'b'));
      },
    },
  });
  const problem = await refusal(artifacts.put([root]));
  assert.equal(problem.code, 'artifact.refused');
  assert.match(problem.why, /symbolic link/);
});

test('whoever writes into a checkout does not reach the store, and the next to open gets the right bytes', async (t) => {
  const { artifacts, folders } = store(t);
  const bundle = bundleWith(await artifacts.put([sources(t, { 'model.bin': 'weights', 'sub/x': 'x' })]));
  const folder = (await artifacts.open(bundle, sha256('bundle'))) ?? '';
  for (const spoil of [
    () => flip(join(folder, 'model.bin')),
    () => rmSync(join(folder, 'sub/x')),
    () => writeFileSync(join(folder, 'more'), 'more'),
    () => symlinkSync('/etc/passwd', join(folder, 'link')),
    () => {
      rmSync(join(folder, 'model.bin'));
      symlinkSync(join(folder, 'sub/x'), join(folder, 'model.bin'));
    },
    () => {
      rmSync(join(folder, 'model.bin'));
      mkdirSync(join(folder, 'model.bin'));
    },
  ]) {
    for (const path of [folder, join(folder, 'sub')]) chmodSync(path, 0o755);
    spoil();
    assert.deepEqual(wrongBlobs(folders), []);
    assert.equal(await artifacts.open(bundle, sha256('bundle')), folder);
    assert.deepEqual(readdirSync(folder, { recursive: true }).sort(), ['model.bin', 'sub', 'sub/x']);
    assert.equal(readFileSync(join(folder, 'model.bin'), 'utf8'), 'weights');
    assert.equal(statSync(folder).mode & 0o777, 0o555);
  }
});

test('what no kept bundle needs is removed once it is old, checkouts too; the rest stays', async (t) => {
  const { artifacts, folders } = store(t);
  const old = new Date('2020-01-01');
  const age = (): void => {
    for (const folder of [folders.blobs, folders.checkouts, folders.staging]) {
      for (const name of readdirSync(folder)) utimesSync(join(folder, name), old, old);
    }
  };
  const kept = bundleWith(await artifacts.put([sources(t, { a: 'kept', b: 'both' })]));
  const gone = bundleWith(await artifacts.put([sources(t, { 'c': 'gone', 'b': 'both', 'deep/d': 'deep' })]));
  const [keptFolder, goneFolder] = [await artifacts.open(kept, sha256('1')), await artifacts.open(gone, sha256('2'))];
  mkdirSync(join(folders.staging, 'put-killed'));
  writeFileSync(join(folders.staging, 'put-killed', '0'), 'half');
  age();
  assert.deepEqual((await artifacts.remove([kept])).toSorted(), [sha256('gone'), sha256('deep')].sort());
  assert.deepEqual(await artifacts.verify(kept, 'full'), []);
  assert.deepEqual([existsSync(keptFolder ?? ''), existsSync(goneFolder ?? '')], [true, false]);
  assert.deepEqual(readdirSync(folders.staging), []);

  await artifacts.put([sources(t, { c: 'gone' })]);
  age();
  await artifacts.put([sources(t, { c: 'gone' })]);
  assert.deepEqual(await artifacts.remove([kept]), [], 'an old blob that a new put counts on is spared');
});
