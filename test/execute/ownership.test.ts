import assert from 'node:assert/strict';
import { test } from 'node:test';
import { claim } from '../../src/execute/claim.ts';
import { commitEvents, Fenced } from '../../src/execute/lane.ts';
import { readJournal } from '../../src/execute/journal.ts';
import { listOperations, requireOperation } from '../../src/execute/read.ts';
import type { Operation } from '../../src/model/operation.ts';
import { ProblemError } from '../../src/model/errors.ts';
import { deploy } from '../../src/operate/deploy.ts';
import { rollback } from '../../src/operate/rollback.ts';
import { readService } from '../../src/registry/services.ts';
import { type FakeEngine, fakeEngine, register, request, rollbackRequest } from '../fixtures/fake-engine.ts';

const direct = (version: string) => ({ ...request(), version, shares: [100], every: 0 });
const refused = (code: string) => (error: unknown) => error instanceof ProblemError && error.problem.code === code;

/** A rollback whose owner stopped before traffic moved. */
async function interrupted(): Promise<FakeEngine & { readonly operation: Operation }> {
  let armed = false;
  const failpoints = {
    hit: (name: string) => {
      if (armed && name === 'route.before-apply') throw new Error('stopped');
    },
  };
  const fake = await fakeEngine({ failpoints });
  await register(fake.engine, '1.2.0', '1.3.0');
  await deploy(fake.engine, direct('1.2.0'));
  await deploy(fake.engine, direct('1.3.0'));
  armed = true;
  await assert.rejects(rollback(fake.engine, rollbackRequest()), /stopped/);
  armed = false;
  const [operation] = await listOperations(fake.engine.store.read, 'fraud-scorer', 1);
  assert.ok(operation);
  return { ...fake, operation };
}

test('an operation whose owner lives is not taken over, whoever asks', async () => {
  const { engine, dead, another, operation } = await interrupted();
  const other = another();
  dead.clear();
  await assert.rejects(claim(other, operation.id, 'test', 0), refused('lane.taken'));
  assert.equal((await requireOperation(engine.store.read, operation.id)).owner, operation.owner);
});

test('who was taken over writes nothing more: not as owner, and not under the old fence', async () => {
  const { engine, another, operation } = await interrupted();
  const claimed = await claim(another(), operation.id, 'test', 0);
  const stale: readonly Operation[] = [operation, { ...claimed, fence: operation.fence }, { ...claimed, owner: operation.owner }];
  const before = (await readJournal(engine.store.read, operation.id)).length;
  for (const each of stale)
    await assert.rejects(commitEvents(engine, 'test', each, [{ kind: 'step-done', step: 0, result: {} }]), Fenced);
  assert.equal((await readJournal(engine.store.read, operation.id)).length, before);
  await commitEvents(engine, 'test', claimed, [{ kind: 'step-done', step: claimed.stepsDone, result: {} }]);
});

test('a claim is above the fence of the owner before, of the service, and of everything that was read', async () => {
  const { engine, another, operation } = await interrupted();
  const first = await claim(another(), operation.id, 'test', 0);
  assert.ok(first.fence > operation.fence);
  assert.equal((await readService(engine.store.read, 'fraud-scorer'))?.fence, first.fence);
  const second = await claim(another({ owner: 'host/boot/2/2' }), operation.id, 'test', first.fence + 10);
  assert.ok(second.fence > first.fence + 10);
});

test('of two that press at once the second makes no operation of its own', async () => {
  const { engine, another, dead } = await fakeEngine();
  await register(engine, '1.1.0', '1.2.0', '1.3.0');
  for (const version of ['1.1.0', '1.2.0', '1.3.0']) await deploy(engine, direct(version));
  const second = another();
  dead.clear();
  await Promise.all([rollback(engine, rollbackRequest()), rollback(second, rollbackRequest())]);
  const kinds = (await listOperations(engine.store.read, 'fraud-scorer', 10)).map(({ kind }) => kind);
  assert.deepEqual(kinds, ['rollback', 'deploy', 'deploy', 'deploy']);
});

test('a target that does not come up is given up once, for one that was not tried', async () => {
  const { engine, world } = await fakeEngine();
  await register(engine, '1.1.0', '1.2.0', '1.3.0');
  for (const version of ['1.1.0', '1.2.0', '1.3.0']) await deploy(engine, direct(version));
  world.versions.delete('1.2.0');
  world.neverReady.add('1.2.0');
  await rollback(engine, rollbackRequest());
  const [operation] = await listOperations(engine.store.read, 'fraud-scorer', 1);
  const journal = await readJournal(engine.store.read, operation?.id ?? '');
  const targets = journal.flatMap(({ event }) => (event.kind === 'replanned' ? [event.plan.to] : []));
  assert.deepEqual(targets, ['1.1.0']);
});
