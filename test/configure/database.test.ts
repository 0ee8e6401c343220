import assert from 'node:assert/strict';
import { test } from 'node:test';
import { databaseOf, holdsPassword } from '../../src/configure/database.ts';
import { readConfiguration } from '../../src/configure/read.ts';
import { ProblemError } from '../../src/model/errors.ts';
import { placeOf } from '../../src/store/postgres-place.ts';

const url = 'postgres://sofare:hunter2@db.internal:5432/registry?sslmode=require';

const read = (line: string, environment: Record<string, string> = {}) =>
  readConfiguration({ text: `version: 1\n${line}\n`, file: '/srv/sofare.yaml', found: 'by -c', environment });

test('the rows are in a file unless the configuration or the environment names a database', () => {
  assert.equal(read('').database, null);
  assert.equal(read('', { SOFARE_DATABASE_URL: '' }).database, null);
  assert.deepEqual(read('', { SOFARE_DATABASE_URL: url }).database, { url, lease: 30_000 });
  assert.deepEqual(read('database: "${DB}"', { DB: url }).database, { url, lease: 30_000 });
  assert.deepEqual(read('lease: 5s', { SOFARE_DATABASE_URL: url }).database, { url, lease: 5_000 });
  assert.throws(() => read('lease: 10ms'), /at least 1s/);
  assert.equal(databaseOf('postgres://one/a', 1, { SOFARE_DATABASE_URL: 'postgres://two/b' })?.url, 'postgres://one/a');
});

test('a password in the file is refused, and is not repeated in the refusal', () => {
  for (const line of [`database: "${url}"`, 'database: "postgres://db/registry?password=hunter2"']) {
    assert.throws(
      () => read(line),
      (error: unknown) =>
        error instanceof ProblemError &&
        error.problem.code === 'config.invalid' &&
        /sofare\.yaml:2:1/.test(error.problem.what) &&
        !JSON.stringify(error.problem).includes('hunter2'),
      line,
    );
  }
  assert.equal(holdsPassword('postgres://sofare:${PASSWORD}@db/registry'), false);
  assert.equal(holdsPassword('postgres://sofare@db:5432/registry'), false);
  assert.equal(holdsPassword('postgres://sofare:${PASSWORD}x@db/registry'), true);
});

test('what is shown of a database is host and name, never user, password or parameters', () => {
  assert.equal(placeOf(url), 'postgres://db.internal:5432/registry');
  assert.equal(placeOf('postgresql:///registry?host=/run/postgresql'), 'postgres:///run/postgresql/registry');
  for (const wrong of ['', 'mysql://a:hunter2@b/c', 'postgres://a:hunter2@b', 'hunter2']) {
    assert.throws(
      () => placeOf(wrong),
      (error: unknown) => error instanceof ProblemError && !JSON.stringify(error.problem).includes('hunter2'),
    );
  }
});
