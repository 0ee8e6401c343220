import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { cuttingProxy } from '../../fixtures/cutting-proxy.ts';
import { configuration, Local } from '../../fixtures/local.ts';
import { asked, startPostgres } from '../../fixtures/postgres.ts';

const postgres = await startPostgres();
after(() => postgres.stop());

test('PostgreSQL killed in every COMMIT of a deploy and started again: the deploy ends, and nothing of it stands twice', {
  timeout: 400_000,
}, async (t) => {
  const url = await postgres.database();
  const proxy = await cuttingProxy(url);
  t.after(() => proxy.stop());
  await using local = new Local({ environment: { SOFARE_DATABASE_URL: proxy.url }, yaml: configuration(1) });
  await local.must(0, 'up', '--unsupervised');
  for (const version of ['1.0.0', '1.1.0']) await local.must(0, 'register', version, local.model(version));
  await local.must(0, 'deploy', '1.0.0', '-y');
  let [serving, next] = ['1.0.0', '1.1.0'];
  let killed = 0;
  for (;;) {
    let back: Promise<void> | null = null;
    const before = proxy.cuts;
    proxy.cut(() => {
      back = postgres.kill().then(() => postgres.restart());
    }, killed);
    const { code, errors } = await local.run(['deploy', next, '-y']);
    if (proxy.cuts === before) break;
    await back;
    assert.equal(code, 0, `killed in COMMIT ${killed + 1}: ${errors}`);
    killed += 1;
    const [operation] = await asked(url, 'select id, state from sofare.operations order by created_at desc limit 1');
    assert.equal(operation?.['state'], 'completed');
    const id = String(operation?.['id']);
    const events = await asked(url, `select kind, data::json ->> 'step' as step from sofare.journal where operation = '${id}'`);
    const once = events
      .filter(({ kind }) => kind !== 'intended' && kind !== 'attempt-failed')
      .map(({ kind, step }) => `${kind} ${step}`);
    assert.equal(new Set(once).size, once.length, once.join(', '));
    const history = await asked(url, `select kind, version from sofare.history where operation = '${id}' order by sequence`);
    assert.deepEqual(
      history
        .filter(({ kind }) => kind === 'share')
        .map(({ version }) => version)
        .sort(),
      [serving, next].sort(),
    );
    assert.equal(history.filter(({ kind }) => kind === 'pointed').length, 1);
    const service = await local.service();
    assert.equal(service.pointer, next);
    [serving, next] = [next, serving];
  }
  t.diagnostic(`killed in ${killed} COMMITs`);
  assert.ok(killed >= 8, `only ${killed}`);
});
