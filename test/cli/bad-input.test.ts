import assert from 'node:assert/strict';
import {
  chmodSync,
  openSync,
  readdirSync,
  readFileSync,
  readSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { DatabaseSync } from 'node:sqlite';
import { join } from 'node:path';
import { test } from 'node:test';
import { configuration, Local } from '../fixtures/local.ts';

interface Said {
  readonly exit: number | null;
  readonly code: string;
  readonly what: string;
  readonly why: string;
  readonly production: string;
  readonly next: string;
}

/** Runs a command that must fail, and gives back the five fields of its error. */
async function refused(local: Local, ...words: readonly string[]): Promise<Said> {
  const { code, output, errors } = await local.run([...words, '-o', 'json']);
  assert.notEqual(code, 0, `${words.join(' ')} was not refused`);
  try {
    const said = JSON.parse(output);
    return { exit: code, ...(said.problem ?? said) };
  } catch {
    throw new Error(`${words.join(' ')} ended with ${code} and no document: ${output}${errors}`);
  }
}

const brief = ({ exit, code, production }: Said): readonly unknown[] => [exit, code, production];

async function withOne(yaml?: string): Promise<Local> {
  const local = new Local(yaml === undefined ? {} : { yaml });
  await local.must(0, 'register', '1.0.0', local.model('1.0.0'));
  return local;
}

test('versions that are no versions, unknown ones, and names that could be paths or options', async () => {
  await using local = await withOne();
  for (const version of ['1.0', 'v1.0.0', '01.0.0', '1.0.0-', 'latest']) {
    assert.deepEqual(
      brief(await refused(local, 'register', version, local.model('1.0.0'))),
      [2, 'version.invalid', 'untouched'],
      version,
    );
  }
  const unknown = await refused(local, 'deploy', '1.0.1');
  assert.deepEqual(brief(unknown), [3, 'version.unknown', 'untouched']);
  assert.match(`${unknown.why} ${unknown.next}`, /1\.0\.0/, 'the nearest name is given');
  assert.deepEqual(brief(await refused(local, 'status', '..')), [3, 'service.unknown', 'untouched']);
  assert.equal((await refused(local, 'list', '--model', '../x')).exit, 2);
  assert.equal((await local.run(['deploy', '--', '-rf'])).code, 3);
});

test('a target that is a draft, deprecated, quarantined, or has a file missing is refused before anything moves', async () => {
  await using local = await withOne();
  await local.must(0, 'deploy', '1.0.0', '-y');
  await local.must(0, 'register', '1.1.0', local.model('1.1.0'), '--draft');
  assert.deepEqual(brief(await refused(local, 'deploy', '1.1.0')), [4, 'version.status', 'untouched']);
  await local.must(0, 'register', '1.2.0', local.model('1.2.0'));
  await local.must(0, 'deprecate', '1.2.0', '--reason', 'wrong data');
  const deprecated = await refused(local, 'deploy', '1.2.0');
  assert.deepEqual(brief(deprecated), [4, 'check.refused', 'untouched']);
  assert.match(deprecated.what, /deprecated/);
  await local.must(0, 'register', '1.3.0', local.model('1.3.0'));
  await local.must(0, 'quarantine', '1.3.0', '--reason', 'leaks');
  assert.match((await refused(local, 'deploy', '1.3.0')).next, /--override quarantine/);
  await local.must(0, 'register', '1.4.0', local.model('1.4.0'));
  const [artifact] = (await local.document('show', '1.4.0')).bundle.artifacts;
  const blob = join(local.directory, '.sofare', 'registry', 'blobs', 'sha256', artifact.digest.replace('sha256:', ''));
  rmSync(blob);
  assert.deepEqual(brief(await refused(local, 'deploy', '1.4.0')), [4, 'artifact.missing', 'untouched']);
  const serving = await refused(local, 'deprecate', '1.0.0');
  assert.deepEqual(brief(serving), [4, 'version.status', 'untouched']);
  assert.match(serving.next, /^sofare rollback fraud-scorer/);
  assert.deepEqual(brief(await refused(local, 'rollback')), [3, 'rollback.no-way-back', 'untouched']);
  assert.deepEqual((await local.service()).pointer, '1.0.0');
});

test('one flipped bit in an artifact is named, and the file is not written over', async () => {
  await using local = await withOne();
  const [artifact] = (await local.document('show', '1.0.0')).bundle.artifacts;
  const blob = join(local.directory, '.sofare', 'registry', 'blobs', 'sha256', artifact.digest.replace('sha256:', ''));
  chmodSync(blob, 0o644);
  flip(blob, 3);
  const before = readFileSync(blob);
  const shown = await local.run(['show', '1.0.0', '--verify']);
  assert.equal(shown.code, 4);
  assert.match(shown.output, /model\.json is damaged/);
  assert.deepEqual(brief(await refused(local, 'deploy', '1.0.0')).slice(0, 2), [4, 'artifact.damaged']);
  assert.deepEqual(readFileSync(blob), before);
});

test('one flipped bit in the database is named, with what to restore, and nothing is written over it', async () => {
  await using local = await withOne();
  // What a host has begun may write a while after it.
  await local.must(0, 'up', '--unsupervised');
  await local.must(0, 'deploy', '1.0.0', '-y');
  await local.must(0, 'down');
  const file = join(local.directory, '.sofare', 'registry', 'sofare.db');
  const text = readFileSync(file);
  // Wherever a page holds the row, also one that is no longer used.
  const places = [...text.toString('latin1').matchAll(/model\.json/g)].map(({ index }) => index);
  assert.ok(places.length > 0, 'the row is in the file');
  for (const at of places) flip(file, at);
  const before = readFileSync(file);
  const said = await refused(local, 'list');
  assert.deepEqual(brief(said), [4, 'registry.damaged', 'untouched']);
  assert.match(said.next, /backup/);
  assert.equal((await refused(local, 'release', '1.0.0')).code, 'registry.damaged');
  assert.deepEqual(readFileSync(file), before);
});

test('a registry from a newer sofare is left alone', async () => {
  await using local = await withOne();
  const database = new DatabaseSync(join(local.directory, '.sofare', 'registry', 'sofare.db'));
  database.exec('pragma user_version = 99');
  database.close();
  for (const words of [['list'], ['register', '1.1.0', local.model('1.1.0')], ['deploy', '1.0.0']]) {
    assert.deepEqual(brief(await refused(local, ...words)), [2, 'registry.from-newer', 'untouched']);
  }
});

test('a model that exits at once or never becomes ready leaves production as it was, and says where to look', async () => {
  await using local = await withOne();
  await local.must(0, 'deploy', '1.0.0', '-y');
  const folder = local.model('1.1.0');
  writeFileSync(join(folder, 'model.json'), 'not json');
  await local.must(0, 'register', '1.1.0', folder);
  const crashed = await refused(local, 'deploy', '1.1.0', '-y');
  assert.deepEqual(brief(crashed), [7, 'target.crash-loop', 'untouched']);
  assert.match(crashed.next, /^sofare logs/);
  assert.match((await local.must(0, 'logs', '--version', '1.1.0')).output, /SyntaxError|JSON/);
  const { pointer, operation } = await local.service();
  assert.deepEqual([pointer, operation], ['1.0.0', null]);
});

test('a port that another program has is named', async () => {
  const other = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => other.once('listening', resolve));
  const { port } = other.address() as { port: number };
  await using local = await withOne(configuration(1).replace('127.0.0.1:0', `127.0.0.1:${port}`));
  const said = await refused(local, 'deploy', '1.0.0', '-y');
  other.close();
  assert.deepEqual(brief(said), [7, 'port.in-use', 'untouched']);
  assert.match(said.why, new RegExp(String(port)));
});

test('what cannot be registered safely is refused: links, nothing, a reference without a digest, other content under the same version', async () => {
  await using local = await withOne();
  const folder = local.model('1.1.0');
  symlinkSync('/etc/passwd', join(folder, 'link'));
  assert.deepEqual(brief(await refused(local, 'register', '1.1.0', folder)), [2, 'artifact.refused', 'untouched']);
  assert.deepEqual(brief(await refused(local, 'register', '1.1.0')), [2, 'usage', 'untouched']);
  assert.deepEqual(brief(await refused(local, 'register', '1.1.0', '--uri', 's3://b/m')), [2, 'usage', 'untouched']);
  writeFileSync(join(local.model('1.0.0'), 'more.txt'), 'more');
  assert.deepEqual(brief(await refused(local, 'register', '1.0.0', join(local.directory, 'models', '1.0.0'))), [
    4,
    'version.exists',
    'untouched',
  ]);
});

test('a configuration with an unknown key is refused with its line and the nearest name; without one the way to begin is told', async () => {
  await using local = new Local({ yaml: configuration(1).replace('copies:', 'copys:') });
  const said = await refused(local, 'status');
  assert.deepEqual(brief(said), [2, 'config.invalid', 'untouched']);
  assert.match(said.what, /sofare\.yaml:8:7: unknown key services\.fraud-scorer\.target\.copys/);
  assert.match(said.why, /copies/);
  rmSync(join(local.directory, 'sofare.yaml'));
  const none = await refused(local, 'status');
  assert.deepEqual([none.code, none.next], ['config.missing', 'sofare init']);
});

test('a misspelt command is named, with the nearest one', async () => {
  await using local = new Local();
  const { errors } = await local.must(2, 'rolback');
  assert.match(errors, /there is no command rolback/);
  assert.match(errors, /the nearest is rollback/);
});

test('every error in text has its five fields, and a usage error says how to ask for help', async () => {
  await using local = await withOne();
  const { code, errors } = await local.run(['rolback']);
  assert.equal(code, 2);
  for (const field of [/\(usage\)/, /why {2}/, /production {2}untouched/, /next {2}/]) assert.match(errors, field);
  const wrong = await local.run(['rollback', '--stepz', '1']);
  assert.equal(wrong.code, 2);
  assert.match(wrong.errors, /sofare rollback --help/);
  assert.equal((await local.run(['rollback', '--steps', '50,10'])).code, 2);
  assert.equal((await local.run(['deploy', '1.0.0', '--every', 'soon'])).code, 2);
  assert.equal((await local.run(['deploy', '1.0.0', '--override', 'everything'])).code, 2);
});

test('read-only commands write nothing', async () => {
  await using local = await withOne();
  // What is due after the deploy is then done by the command itself, and not by somebody beside it.
  await local.must(0, 'up', '--unsupervised');
  await local.must(0, 'deploy', '1.0.0', '-y');
  await local.must(0, 'down');
  const registry = join(local.directory, '.sofare', 'registry');
  const seen = (): unknown =>
    readdirSync(registry)
      .filter((name) => !/-(wal|shm)$/.test(name))
      .map((name) => [name, statSync(join(registry, name)).mtimeMs]);
  const before = seen();
  for (const words of [
    ['status'],
    ['list'],
    ['show', '1.0.0'],
    ['history'],
    ['current'],
    ['incident', 'list'],
    ['changelog'],
    ['config', 'check'],
  ])
    await local.must(0, ...words);
  assert.deepEqual(seen(), before);
});

function flip(file: string, at: number): void {
  const descriptor = openSync(file, 'r+');
  const byte = Buffer.alloc(1);
  readSync(descriptor, byte, 0, 1, at);
  byte[0] = (byte[0] ?? 0) ^ 1;
  writeSync(descriptor, byte, 0, 1, at);
}
