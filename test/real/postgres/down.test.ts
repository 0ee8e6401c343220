import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { agreed, takenBack } from '../../hazard/broken-glass.ts';
import { Local } from '../../fixtures/local.ts';
import { asked, startPostgres } from '../../fixtures/postgres.ts';

const postgres = await startPostgres();
after(() => postgres.stop());

test('with PostgreSQL down traffic goes back, and its rows follow when it answers again', { timeout: 180_000 }, async () => {
  const url = await postgres.database();
  await using local = new Local({ environment: { SOFARE_DATABASE_URL: url } });
  await local.must(0, 'up', '--unsupervised');
  for (const version of ['1.1.0', '1.2.0']) {
    await local.must(0, 'register', version, local.model(version));
    await local.must(0, 'deploy', version, '-y');
  }
  await postgres.kill();
  const ended = JSON.parse((await local.must(0, 'rollback', '--reason', 'wrong answers', '-o', 'json')).output);
  assert.deepEqual([ended.operation.state, ended.operation.verified], ['completed', true]);
  assert.equal(JSON.stringify(ended).includes(new URL(url).password), false);
  await postgres.restart();
  assert.deepEqual(await agreed(local), takenBack);
  const rows = await asked(url, `select kind, state from sofare.operations order by created_at desc limit 1`);
  assert.deepEqual(rows, [{ kind: 'rollback', state: 'completed' }]);
});
