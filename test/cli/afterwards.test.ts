import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { configuration, Local } from '../fixtures/local.ts';

test('after a rollback the team is told, a backup lies beside the registry, and a version that nobody needs is stopped', async () => {
  await using local = new Local({ yaml: `${configuration(1)}notify: { command: "cat >> told.ndjson" }\n` });
  await local.must(0, 'up', '--unsupervised');
  for (const version of ['1.0.0', '1.1.0', '1.2.0']) {
    await local.must(0, 'register', version, local.model(version));
    await local.must(0, 'deploy', version, '-y');
  }
  await local.must(0, 'rollback', '--reason', 'worse answers');
  const told = readFileSync(join(local.directory, 'told.ndjson'), 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  assert.equal(told.length, 4);
  assert.match(told.at(-1).text, /^fraud-scorer: 1\.2\.0 rolled back, 1\.1\.0 serves, by ana: worse answers$/);
  assert.equal(
    readdirSync(join(local.directory, '.sofare', 'registry', 'backup')).filter((file) => file.endsWith('.db')).length,
    4,
  );
  const running = (await local.service()).serving.map(({ version }: { version: string }) => version).sort();
  assert.deepEqual(running, ['1.1.0'], 'what was left is stopped');
});

test('the target of the next rollback stays warm, and no longer than it is that', async () => {
  await using local = new Local();
  await local.must(0, 'up', '--unsupervised');
  for (const version of ['1.0.0', '1.1.0', '1.2.0', '1.3.0']) {
    await local.must(0, 'register', version, local.model(version));
    await local.must(0, 'deploy', version, '-y');
  }
  const running = (await local.service()).serving.map(({ version }: { version: string }) => version).sort();
  assert.deepEqual(running, ['1.2.0', '1.3.0']);
});

test('a command that tells nobody is tried again later and fails nothing', async () => {
  await using local = new Local({ yaml: `${configuration(1)}notify: { command: "test -e there && touch told" }\n` });
  await local.must(0, 'up', '--unsupervised');
  await local.must(0, 'register', '1.0.0', local.model('1.0.0'));
  await local.must(0, 'deploy', '1.0.0', '-y');
  assert.equal(existsSync(join(local.directory, 'told')), false);
  assert.match((await local.must(0, 'status')).output, /serving/);
});
