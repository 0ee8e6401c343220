import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { KyselyPlugin } from 'kysely';
import { commitEvents } from '../../src/execute/lane.ts';
import { laneHolder, requireOperation } from '../../src/execute/read.ts';
import type { Operation } from '../../src/model/operation.ts';
import { deploy } from '../../src/operate/deploy.ts';
import { resume } from '../../src/operate/resume.ts';
import { type FakeEngine, fakeEngine, register, request } from '../fixtures/fake-engine.ts';

const service = 'fraud-scorer';

/** A deploy whose owner stopped before its first step, and a way to let something happen behind the next reading of rows. */
async function interrupted(): Promise<
  FakeEngine & { operation: Operation; behindTheNextRead: (work: () => Promise<void>) => FakeEngine['engine'] }
> {
  let armed = true;
  const failpoints = {
    hit: (name: string) => {
      if (armed && name === 'route.before-apply') throw new Error('stopped');
    },
  };
  const fake = await fakeEngine({ failpoints });
  await register(fake.engine, '1.0.0');
  await assert.rejects(deploy(fake.engine, { ...request(), version: '1.0.0', shares: [100], every: 0 }), /stopped/);
  armed = false;
  const operation = (await laneHolder(fake.engine.store.read, service)) as Operation;
  const behindTheNextRead = (work: () => Promise<void>): FakeEngine['engine'] => {
    let once = true;
    const plugin: KyselyPlugin = {
      transformQuery: ({ node }) => node,
      transformResult: async ({ result }) => {
        if (once && result.rows.length > 0) {
          once = false;
          await work();
        }
        return result;
      },
    };
    const { store } = fake.engine;
    return { ...fake.engine, store: { ...store, read: store.read.withPlugin(plugin) } };
  };
  return { ...fake, operation, behindTheNextRead };
}

test('an operation that ends while it is read is read as it was at one moment, not called damaged', async () => {
  const { engine, operation, behindTheNextRead } = await interrupted();
  const ends = async (): Promise<void> =>
    void (await commitEvents(engine, 'test', operation, [{ kind: 'completed', verified: true, problem: null }]));
  const read = await requireOperation(behindTheNextRead(ends).store.read, operation.id);
  assert.deepEqual(read, operation);
  assert.equal((await requireOperation(engine.store.read, operation.id)).state, 'completed');
});

test('an operation that ends while the lane is read has left the lane', async () => {
  const { engine, operation, behindTheNextRead } = await interrupted();
  const ends = async (): Promise<void> =>
    void (await commitEvents(engine, 'test', operation, [{ kind: 'completed', verified: true, problem: null }]));
  assert.equal(await laneHolder(behindTheNextRead(ends).store.read, service), null);
});

test('two that resume one operation at once: the second is told how it ended', async () => {
  const { engine, another, operation } = await interrupted();
  const other = another();
  const wanted = { ...request(), operation: operation.id, abandon: false };
  const consent = async (): Promise<boolean> => {
    // While the second one looks, the first one carries all of it out.
    const first = await resume(other, wanted);
    assert.equal(first.kind === 'ran' && first.operation.state, 'completed');
    return true;
  };
  const second = await resume(another({ owner: 'host/boot/3/3' }), { ...wanted, consent });
  assert.deepEqual(
    { kind: second.kind, state: second.kind === 'nothing' && second.operation?.state },
    { kind: 'nothing', state: 'completed' },
  );
  assert.equal((await requireOperation(engine.store.read, operation.id)).state, 'completed');
});
