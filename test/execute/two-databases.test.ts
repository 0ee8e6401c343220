import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Engine } from '../../src/execute/engine.ts';
import { laneHolder, listOperations, readOperation } from '../../src/execute/read.ts';
import { ProblemError } from '../../src/model/errors.ts';
import { deploy } from '../../src/operate/deploy.ts';
import { exitOf } from '../../src/operate/outcome.ts';
import { reconcile } from '../../src/operate/reconcile.ts';
import { resume } from '../../src/operate/resume.ts';
import { rollback } from '../../src/operate/rollback.ts';
import { readSituation } from '../../src/operate/situation.ts';
import { readService } from '../../src/registry/services.ts';
import { readShares } from '../../src/registry/shares.ts';
import { register, request, rollbackRequest } from '../fixtures/fake-engine.ts';
import type { FakeWorld } from '../fixtures/fake-world.ts';
import { firstOwner, restarted, twoDatabases } from '../fixtures/two-databases.ts';

const service = 'fraud-scorer';
const signal = new AbortController().signal;
const direct = (version: string) => ({ ...request(), version, shares: [100], every: 0 });
const toResume = { ...request(), operation: null, abandon: false };

/** What a database says is in production, once it has looked at the record. */
async function production(engine: Engine): Promise<unknown> {
  await reconcile(engine, signal);
  const lane = await laneHolder(engine.store.read, service);
  const { pointer } = (await readService(engine.store.read, service)) ?? {};
  return { pointer, shares: await readShares(engine.store.read, service), lane: lane?.id ?? null };
}

/** Both reach this call before either goes on. */
function together(world: FakeWorld, call: string): void {
  const waiting: (() => void)[] = [];
  world.faults.before = (reached) => {
    if (reached !== call || waiting.length === 2) return undefined;
    return new Promise((resolve) => {
      waiting.push(resolve);
      if (waiting.length === 2) for (const go of waiting) go();
    });
  };
}

/** The engine whose process ends, for these tests, where it reaches a point. */
function dying(engine: Engine, point: string): Engine {
  const hit = (name: string): void => {
    if (name === point) throw new Error(`died at ${name}`);
  };
  return { ...engine, failpoints: { hit }, store: { ...engine.store, transaction: watching(engine, hit) } };
}

function watching(engine: Engine, hit: (name: string) => void): Engine['store']['transaction'] {
  return async (name, work) => {
    const result = await engine.store.transaction(name, work, service);
    hit(`${name}.after-commit`);
    return result;
  };
}

test('two machines that roll back at the same instant make one step back, and both databases say so', async () => {
  const { first, second } = await twoDatabases('1.1.0', '1.2.0', '1.3.0');
  for (const version of ['1.1.0', '1.2.0', '1.3.0']) await deploy(first.engine, direct(version));
  await reconcile(second.engine, signal);
  const { world } = first;
  const writes = world.writes.length;
  together(world, 'swap');
  const outcomes = await Promise.all([
    rollback(first.engine, rollbackRequest()),
    rollback(second.engine, rollbackRequest({ actor: 'ben' })),
  ]);
  assert.deepEqual(outcomes.map(exitOf), [0, 0]);
  assert.deepEqual(world.weights, { '1.2.0': 100 });
  assert.equal(world.writes.slice(writes).filter((write) => write.startsWith('write')).length, 1);
  const wanted = { pointer: '1.2.0', shares: { '1.2.0': 100 }, lane: null };
  assert.deepEqual([await production(first.engine), await production(second.engine)], [wanted, wanted]);
  const states = await Promise.all(
    [first, second].map(async ({ engine }) => (await listOperations(engine.store.read, service, 10)).map(({ state }) => state)),
  );
  assert.equal(states.flat().filter((state) => state === 'superseded').length, 1);
});

test('of two deploys begun at the same instant one moves something, and the other names it', async () => {
  const { first, second } = await twoDatabases('1.2.0', '1.3.0', '1.4.0');
  await register(second.engine, '1.2.0', '1.3.0', '1.4.0');
  await deploy(first.engine, direct('1.2.0'));
  const { world } = first;
  const writes = world.writes.length;
  together(world, 'swap');
  const outcomes = await Promise.all([deploy(first.engine, direct('1.3.0')), deploy(second.engine, direct('1.4.0'))]);
  const [serving = ''] = Object.keys(world.weights);
  assert.deepEqual(
    world.writes.slice(writes).map((write) => write.split(' ')[0]),
    ['apply', 'write'],
  );
  const [lost, won] = outcomes.map((outcome) => (outcome.kind === 'ran' ? outcome : null)).toSorted((one) => (one?.by ? -1 : 1));
  assert.deepEqual([lost?.operation.state, lost?.by?.id], ['superseded', won?.operation.id]);
  assert.equal(won?.operation.plan.to, serving);
  const wanted = { pointer: serving, shares: { [serving]: 100 }, lane: null };
  assert.deepEqual([await production(first.engine), await production(second.engine)], [wanted, wanted]);
});

test('whoever loses to a canary that then waits for a person says so, and does not wait with it', async () => {
  const { first, second } = await twoDatabases('1.2.0', '1.3.0', '1.4.0');
  await register(second.engine, '1.2.0', '1.3.0', '1.4.0');
  await deploy(first.engine, direct('1.2.0'));
  together(first.world, 'swap');
  const part = (version: string) => ({ ...direct(version), shares: [20] });
  const outcomes = await Promise.all([deploy(first.engine, part('1.3.0')), deploy(second.engine, part('1.4.0'))]);
  assert.deepEqual(outcomes.map(exitOf).sort(), [0, 12]);
  const lost = outcomes.find((outcome) => outcome.kind === 'ran' && outcome.by !== null);
  assert.equal(lost?.kind === 'ran' && lost.by?.state, 'open');
});

test('an operation whose owner is gone is taken over by the other machine from the record, and ends in both databases', async () => {
  const { first, second, dead } = await twoDatabases('1.2.0', '1.3.0');
  await deploy(first.engine, direct('1.2.0'));
  await deploy(first.engine, direct('1.3.0'));
  await assert.rejects(rollback(dying(first.engine, 'route.after-apply'), rollbackRequest()), /died/);
  const { lane } = await readSituation(second.engine, signal);
  assert.deepEqual(
    [lane?.kind, lane?.owner, lane?.plan.to],
    ['rollback', firstOwner, '1.2.0'],
    'it is seen before anything is written',
  );
  dead.add(firstOwner);
  const outcome = await rollback(second.engine, rollbackRequest({ actor: 'ben' }));
  assert.equal(exitOf(outcome), 0);
  assert.equal(outcome.kind === 'ran' && outcome.operation.id, lane?.id);
  assert.deepEqual(first.world.weights, { '1.2.0': 100 });
  const wanted = { pointer: '1.2.0', shares: { '1.2.0': 100 }, lane: null };
  assert.deepEqual([await production(first.engine), await production(second.engine)], [wanted, wanted]);
  for (const { engine } of [first, second])
    assert.equal((await readOperation(engine.store.read, lane?.id ?? ''))?.state, 'completed');
});

test('while its owner lives it is waited for, or named with holder, host and since', async () => {
  const { first, second } = await twoDatabases('1.2.0', '1.3.0');
  await deploy(first.engine, direct('1.2.0'));
  await deploy(first.engine, { ...direct('1.3.0'), shares: [10] });
  await assert.rejects(deploy(second.engine, direct('1.2.0')), (error: unknown) => {
    assert.ok(error instanceof ProblemError);
    assert.deepEqual([error.problem.code, error.problem.touched], ['lane.taken', 'no']);
    assert.match(`${error.problem.what}; ${error.problem.why}`, /by ana.*on first since \d{4}-/);
    return true;
  });
  assert.equal(exitOf(await rollback(second.engine, rollbackRequest())), 0);
  assert.deepEqual(first.world.weights, { '1.2.0': 100 });
  assert.deepEqual(await production(first.engine), { pointer: '1.2.0', shares: { '1.2.0': 100 }, lane: null });
});

test('killed between its creation and its first word in the record, an operation goes on when nothing happened since', async () => {
  const { first, dead } = await twoDatabases('1.2.0', '1.3.0');
  await deploy(first.engine, direct('1.2.0'));
  await assert.rejects(deploy(dying(first.engine, 'create.after-commit'), direct('1.3.0')), /died/);
  dead.add(firstOwner);
  assert.equal(exitOf(await resume(restarted(first, 'first/boot/1/2'), toResume)), 0);
  assert.deepEqual(first.world.weights, { '1.3.0': 100 });
});

test('killed between its creation and its first word in the record, it is superseded by whoever came in between', async () => {
  const { first, second, dead } = await twoDatabases('1.1.0', '1.2.0', '1.3.0');
  for (const version of ['1.1.0', '1.2.0']) await deploy(first.engine, direct(version));
  await assert.rejects(deploy(dying(first.engine, 'create.after-commit'), direct('1.3.0')), /died/);
  dead.add(firstOwner);
  assert.equal(exitOf(await rollback(second.engine, rollbackRequest())), 0);
  const writes = [...first.world.writes];
  const engine = restarted(first, 'first/boot/1/2');
  const [killed] = await listOperations(engine.store.read, service, 1);
  const outcome = await resume(engine, toResume);
  assert.equal(outcome.kind, 'nothing');
  assert.deepEqual(first.world.writes, writes);
  assert.deepEqual(await production(engine), { pointer: '1.1.0', shares: { '1.1.0': 100 }, lane: null });
  assert.equal((await readOperation(engine.store.read, killed?.id ?? ''))?.state, 'superseded');
});

test('a controller that is slower than another one’s claim parks as superseded, though its own fence is higher', async () => {
  const { first, second } = await twoDatabases('1.1.0', '1.2.0', '1.3.0');
  for (const version of ['1.1.0', '1.2.0', '1.3.0']) await deploy(first.engine, direct(version));
  await first.engine.store.transaction('test', (transaction) => transaction.updateTable('services').set({ fence: 40 }).execute());
  let other = true;
  first.world.faults.before = async (call) => {
    if (call !== 'swap' || !other) return;
    other = false;
    await rollback(second.engine, rollbackRequest({ actor: 'ben' }));
  };
  const writes = first.world.writes.length;
  const outcome = await rollback(first.engine, rollbackRequest());
  assert.equal(exitOf(outcome), 0);
  assert.deepEqual(first.world.weights, { '1.2.0': 100 });
  assert.equal(first.world.writes.slice(writes).length, 1, 'only the other one wrote');
});

test('a hold that is set on one machine keeps new versions out on the other', async () => {
  const { changeMarks } = await import('../../src/operate/marks.ts');
  const { setHold, liftHold } = await import('../../src/registry/hold.ts');
  const { first, second } = await twoDatabases('1.2.0', '1.3.0');
  await deploy(first.engine, direct('1.2.0'));
  await deploy(first.engine, direct('1.3.0'));
  await changeMarks(second.engine, 'hold', signal, (transaction) =>
    setHold(transaction, service, { since: 5, reason: 'freeze', actor: 'ben', operation: null }),
  );
  await assert.rejects(deploy(first.engine, direct('1.2.0')), /check hold/);
  await changeMarks(first.engine, 'unhold', signal, (transaction) => liftHold(transaction, service, 'ana', 'over', 6));
  assert.equal(exitOf(await deploy(second.engine, direct('1.2.0'))), 0);
});
