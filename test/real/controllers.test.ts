import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { Controller } from '../fixtures/controllers.ts';
import { configuration, Local } from '../fixtures/local.ts';
import { asked, startPostgres } from '../fixtures/postgres.ts';

const postgres = await startPostgres();
after(() => postgres.stop());

interface Two extends AsyncDisposable {
  readonly local: Local;
  readonly one: Controller;
  readonly two: Controller;
  readonly url: string;
  readonly rows: (query: string) => Promise<readonly Record<string, unknown>[]>;
}

/** Two controllers that share a database and a host; 1.0.0 and then 1.1.0 serve. */
async function served(supervised: readonly '--unsupervised'[] = [], lease = '3s'): Promise<Two> {
  const url = await postgres.database();
  const environment = { SOFARE_DATABASE_URL: url };
  const local = new Local({ environment, yaml: configuration(1, `lease: ${lease}\n`) });
  await local.must(0, 'up', ...supervised);
  for (const version of ['1.0.0', '1.1.0']) {
    await local.must(0, 'register', version, local.model(version));
    await local.must(0, 'deploy', version, '-y');
  }
  return {
    local,
    one: new Controller(local, 'one', environment),
    two: new Controller(local, 'two', environment),
    url,
    rows: (query) => asked(url, query),
    [Symbol.asyncDispose]: () => local[Symbol.asyncDispose](),
  };
}

function sharesOf({ serving }: { readonly serving: readonly { readonly version: string; readonly share: number }[] }): object {
  return Object.fromEntries(serving.filter(({ share }) => share > 0).map(({ version, share }) => [version, share]));
}

/** 1.0.0 has all traffic, by the host and by the registry, and nothing was written twice. */
async function takenBack({ local, rows }: Two): Promise<void> {
  const service = await local.service();
  assert.deepEqual([service.pointer, sharesOf(service)], ['1.0.0', { '1.0.0': 100 }]);
  const operations = `select kind, state from sofare.operations where kind in ('rollback', 'abort')`;
  assert.deepEqual(
    (await rows(operations)).map(({ state }) => state),
    ['completed'],
  );
  const shares = `select count(*)::int as n, max(share)::int as share from sofare.history
    where kind = 'share' and version = '1.0.0' and operation in (select id from sofare.operations where kind in ('rollback', 'abort'))`;
  assert.deepEqual(await rows(shares), [{ n: 1, share: 100 }]);
}

test('what a controller elsewhere left when it was killed, the host carries on within a minute', {
  timeout: 180_000,
}, async () => {
  await using set = await served();
  const killed = await set.one.run(['rollback', '-y'], { SOFARE_FAILPOINT: 'route.after-apply:1:kill' });
  assert.equal(killed.signal, 'SIGKILL');
  const began = performance.now();
  const state = `select state from sofare.operations where kind = 'rollback'`;
  while ((await set.rows(state))[0]?.['state'] !== 'completed') await pause(200);
  assert.ok(performance.now() - began < 60_000);
  await takenBack(set);
});

test('a controller that was killed is taken over from when its lease is over, not before', { timeout: 120_000 }, async () => {
  await using set = await served(['--unsupervised'], '15s');
  const killed = await set.one.run(['rollback', '-y'], { SOFARE_FAILPOINT: 'route.after-apply:1:kill' });
  assert.equal(killed.signal, 'SIGKILL');
  const resumed = await set.two.persist(['resume']);
  assert.equal(resumed.code, 0, resumed.errors);
  assert.ok(resumed.refusals > 0, 'its lease had not ended yet');
  await takenBack(set);
});

for (const point of ['route.before-apply', 'route.done.before-commit', 'record.before-swap']) {
  test(`stopped at ${point} for longer than its lease and sent on, a controller changes nothing more`, {
    timeout: 180_000,
  }, async () => {
    await using set = await served(['--unsupervised']);
    const stopped = set.one.start(['rollback', '-y'], { SOFARE_FAILPOINT: `${point}:1:stop` });
    await stopped.stopped();
    const resumed = await set.two.persist(['resume']);
    assert.equal(resumed.code, 0, resumed.errors);
    const before = await set.rows('select count(*)::int as n, max(sequence)::int as last from sofare.journal');
    stopped.goOn();
    const ended = await stopped.ended;
    assert.equal(ended.code, 0, `it follows whoever went on: ${ended.errors}`);
    assert.deepEqual(await set.rows('select count(*)::int as n, max(sequence)::int as last from sofare.journal'), before);
    await takenBack(set);
  });
}

test('a deploy that was stopped is taken back by another controller, and ends as that when it goes on', {
  timeout: 180_000,
}, async () => {
  await using set = await served(['--unsupervised']);
  await set.local.must(0, 'register', '1.2.0', set.local.model('1.2.0'));
  const deploying = set.one.start(['deploy', '1.2.0', '-y'], { SOFARE_FAILPOINT: 'route.before-apply:1:stop' });
  await deploying.stopped();
  const back = await set.two.persist(['rollback', '-y']);
  assert.equal(back.code, 0, back.errors);
  deploying.goOn();
  assert.equal((await deploying.ended).code, 8);
  const service = await set.local.service();
  assert.deepEqual([service.pointer, sharesOf(service)], ['1.1.0', { '1.1.0': 100 }]);
  const states = await set.rows(`select kind, state from sofare.operations where to_version = '1.2.0' or from_version = '1.2.0'`);
  assert.deepEqual(states.map(({ kind, state }) => `${kind} ${state}`).sort(), ['deploy superseded', 'rollback completed']);
});

test('a rollback from two controllers at once is one step back', { timeout: 120_000 }, async () => {
  await using set = await served(['--unsupervised']);
  const ends = await Promise.all([set.one, set.two, set.one, set.two].map((each) => each.run(['rollback', '-y'])));
  for (const { code, errors } of ends) assert.ok(code === 0 || code === 4 || code === 5, errors);
  assert.ok(ends.some(({ code }) => code === 0));
  await takenBack(set);
});

test('an open deploy of one controller is aborted by the other, and the lane is free for both', {
  timeout: 120_000,
}, async () => {
  await using set = await served(['--unsupervised']);
  await set.local.must(0, 'register', '1.2.0', set.local.model('1.2.0'));
  assert.equal((await set.one.run(['deploy', '1.2.0', '--steps', '10', '-y'])).code, 0);
  assert.equal((await set.two.run(['deploy', '1.0.0', '-y'])).code, 5);
  assert.equal((await set.two.run(['abort', '-y'])).code, 0);
  assert.equal((await set.one.run(['abort', '-y'])).code, 0);
  assert.equal((await set.one.run(['deploy', '1.2.0', '-y'])).code, 0);
  assert.equal((await set.local.service()).pointer, '1.2.0');
});

test('two state directories that share database and host: what one began the other takes back, also once that was killed', {
  timeout: 180_000,
}, async () => {
  await using set = await served(['--unsupervised']);
  const { local, url } = set;
  await local.must(0, 'register', '1.2.0', local.model('1.2.0'));
  await local.must(0, 'deploy', '1.2.0', '--steps', '10', '-y');
  const yaml = configuration(1, `lease: 3s\nhost: ${join(local.directory, '.sofare', 'host')}\n`);
  await using other = new Local({ environment: { SOFARE_DATABASE_URL: url }, yaml });
  assert.equal((await other.service()).operation.id, (await local.service()).operation.id);
  const killed = await set.one.run(['promote', '-y'], { SOFARE_FAILPOINT: 'route.before-apply:1:kill' });
  assert.equal(killed.signal, 'SIGKILL');
  const elsewhere = new Controller(other, 'two', { SOFARE_DATABASE_URL: url });
  const back = await elsewhere.persist(['rollback', '-y']);
  assert.equal(back.code, 0, back.errors);
  for (const each of [local, other]) {
    const service = await each.service();
    assert.deepEqual([service.pointer, sharesOf(service)], ['1.1.0', { '1.1.0': 100 }]);
  }
  const states = await set.rows(`select kind, state from sofare.operations where to_version = '1.2.0' or from_version = '1.2.0'`);
  assert.deepEqual(states.map(({ kind, state }) => `${kind} ${state}`).sort(), [
    'deploy superseded',
    'promote superseded',
    'rollback completed',
  ]);
});
