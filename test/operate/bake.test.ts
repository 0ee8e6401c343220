import assert from 'node:assert/strict';
import { test } from 'node:test';
import { deploy } from '../../src/operate/deploy.ts';
import { doDueTasks } from '../../src/operate/due.ts';
import { addQuarantine } from '../../src/registry/quarantine.ts';
import { changeStatus } from '../../src/registry/register.ts';
import { readHistory } from '../../src/registry/history.ts';
import { requireVersion } from '../../src/registry/versions.ts';
import { type FakeEngine, fakeEngine, fakeService, register, request } from '../fixtures/fake-engine.ts';

async function deployed(status: 'release' | 'deprecate' | null, bake = fakeService.bake): Promise<FakeEngine> {
  const fake = await fakeEngine({ service: { ...fakeService, bake } });
  const { engine } = fake;
  await register(engine, '1.0.0');
  const change = (to: 'release' | 'deprecate') =>
    engine.store.transaction('test', (transaction, at) =>
      changeStatus(transaction, 'fraud', '1.0.0', to, { actor: 'ana', reason: 'test', at }),
    );
  if (status === 'release') await change('release');
  await deploy(engine, { ...request(), version: '1.0.0', shares: [100], every: 0 });
  if (status === 'deprecate') await change('deprecate');
  return fake;
}

const kinds = async ({ engine }: FakeEngine): Promise<readonly string[]> =>
  (await readHistory(engine.store.read, 'fraud-scorer', { limit: 100 })).map(({ kind }) => kind);

for (const [status, after] of [
  [null, 'released'],
  ['release', 'released'],
  ['deprecate', 'deprecated'],
] as const)
  test(`a version passes its bake once and the task is over, ${status === null ? 'a candidate' : `after ${status}`}`, async () => {
    const fake = await deployed(status);
    const ends = await doDueTasks(fake.engine, request());
    assert.deepEqual(
      ends.map(({ task, end }) => [task.task.kind, end.kind]),
      [
        ['backup', 'over'],
        ['bake', 'over'],
      ],
    );
    assert.equal((await kinds(fake)).filter((kind) => kind === 'baked').length, 1);
    assert.equal((await requireVersion(fake.engine.store.read, 'fraud', '1.0.0')).status, after);
    assert.deepEqual(await doDueTasks(fake.engine, request()), []);
  });

test('the bake of a version that was quarantined meanwhile ends: it could never pass', async () => {
  const fake = await deployed(null);
  const { engine } = fake;
  await engine.store.transaction('test', (transaction, at) =>
    addQuarantine(transaction, {
      service: engine.service.name,
      version: '1.0.0',
      since: at,
      reason: 'wrong scores',
      actor: 'ana',
      operation: null,
      evidence: null,
    }),
  );
  assert.deepEqual((await doDueTasks(engine, request())).at(-1)?.end, {
    kind: 'over',
    note: 'the bake of 1.0.0 ended: it was quarantined since',
  });
  assert.deepEqual(await engine.store.read.selectFrom('tasks').selectAll().execute(), []);
  assert.equal((await kinds(fake)).includes('baked'), false);
});

test('a bake whose time is over and that lacks requests is looked at again every ten seconds, not every second', async () => {
  const { engine, world } = await deployed(null, { for: 0, requests: 1_000 });
  const none = { requests: 5, errors: 0, unanswered: 0, latency: [], labels: { right: 0, wrong: 0 } };
  world.counters.set('1.0.0', none);
  const end = (await doDueTasks(engine, request())).at(-1)?.end;
  assert.ok(end?.kind === 'again', JSON.stringify(end));
  assert.match(end.note, /fewer than the 1000 of its bake/);
  assert.equal(end.in, 10_000);
});
