import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { Local } from '../../fixtures/local.ts';
import { asked, startPostgres } from '../../fixtures/postgres.ts';

const postgres = await startPostgres();
after(() => postgres.stop());

test('with SOFARE_DATABASE_URL only the rows move: deploy, rollback, tasks and incident; the password is shown nowhere', {
  timeout: 120_000,
}, async () => {
  const url = await postgres.database();
  const password = new URL(url).password;
  await using local = new Local({ environment: { SOFARE_DATABASE_URL: url } });
  const said: string[] = [];
  const run = async (code: number, ...words: readonly string[]): Promise<string> => {
    const { output, errors } = await local.must(code, ...words);
    said.push(output, errors);
    return output;
  };
  assert.equal((await local.run(['list'])).code, 3);
  await run(0, 'up', '--unsupervised');
  for (const version of ['1.0.0', '1.1.0']) {
    await run(0, 'register', version, local.model(version));
    await run(0, 'deploy', version, '-y');
  }
  assert.match(await run(6, 'rollback', '--to', '1.0.0', '--plan'), /rows in\s+postgres:\/\/127\.0\.0\.1:\d+\/test_/);
  await run(0, 'rollback', '--to', '1.0.0', '-y', '--reason', 'wrong answers');
  assert.match(await run(0, 'current'), /1\.0\.0/);
  const task = `'fraud-scorer', 'backup', '{"kind":"backup"}', 0, 0`;
  await asked(url, `insert into sofare.tasks (service, kind, data, due, attempts) values (${task})`);
  assert.match(await run(0, 'resume', '--due'), /nothing was copied: PostgreSQL keeps the rows/);
  for (const words of [
    ['history'],
    ['status'],
    ['incident', 'show', '1'],
    ['config', 'print'],
    ['config', 'print', '-o', 'json'],
  ])
    await run(0, ...words);
  assert.equal(existsSync(join(local.directory, '.sofare', 'registry', 'sofare.db')), false);
  assert.equal(existsSync(join(local.directory, '.sofare', 'registry', 'blobs', 'sha256')), true);
  const rows = await asked(url, 'select state, kind from sofare.operations order by created_at');
  assert.deepEqual(rows, [
    { state: 'completed', kind: 'deploy' },
    { state: 'completed', kind: 'deploy' },
    { state: 'completed', kind: 'rollback' },
  ]);
  assert.ok(said.join('').length > 1000);
  assert.equal(said.join('').includes(password), false);
});

test('a host that does not know the database carries on nothing, and the plan says so', { timeout: 120_000 }, async () => {
  const environment = { SOFARE_DATABASE_URL: await postgres.database() };
  await using local = new Local();
  await local.must(0, 'up');
  const run = async (code: number, ...words: readonly string[]): Promise<string> => {
    const ended = await local.run(words, environment);
    assert.equal(ended.code, code, ended.errors);
    return ended.output;
  };
  for (const version of ['1.0.0', '1.1.0']) {
    await run(0, 'register', version, local.model(version));
    await run(0, 'deploy', version, '-y');
  }
  assert.match(await run(6, 'rollback', '--plan'), /continued by\s+nobody/);
  await run(0, 'down');
  await run(0, 'up');
  assert.match(await run(6, 'rollback', '--plan'), /continued by\s+the local host/);
});
