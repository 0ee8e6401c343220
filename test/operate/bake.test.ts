import assert from 'node:assert/strict';
import { test } from 'node:test';
import { deploy } from '../../src/operate/deploy.ts';
import { doDueTasks } from '../../src/operate/due.ts';
import { changeStatus } from '../../src/registry/register.ts';
import { readHistory } from '../../src/registry/history.ts';
import { requireVersion } from '../../src/registry/versions.ts';
import { type FakeEngine, fakeEngine, register, request } from '../fixtures/fake-engine.ts';

async function deployed(status: 'release' | 'deprecate' | null): Promise<FakeEngine> {
  const fake = await fakeEngine();
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
