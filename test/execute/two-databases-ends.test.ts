import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Engine } from '../../src/execute/engine.ts';
import { isFenced } from '../../src/execute/lane.ts';
import { laneHolder, listOperations, readOperation, requireOperation } from '../../src/execute/read.ts';
import { ProblemError } from '../../src/model/errors.ts';
import type { Operation } from '../../src/model/operation.ts';
import { abort, abortByGuard } from '../../src/operate/abort.ts';
import { deploy } from '../../src/operate/deploy.ts';
import { exitOf } from '../../src/operate/outcome.ts';
import { promoteByGuard } from '../../src/operate/promote.ts';
import { reconcile } from '../../src/operate/reconcile.ts';
import { resume } from '../../src/operate/resume.ts';
import { rollback } from '../../src/operate/rollback.ts';
import { readHistory } from '../../src/registry/history.ts';
import { readService } from '../../src/registry/services.ts';
import { readShares } from '../../src/registry/shares.ts';
import { tenures } from '../../src/registry/tenures.ts';
import { type FakeEngine, register, request, rollbackRequest } from '../fixtures/fake-engine.ts';
import { firstOwner, restarted, secondOwner, twoDatabases } from '../fixtures/two-databases.ts';

const service = 'fraud-scorer';
const signal = new AbortController().signal;
const direct = (version: string, share = 100) => ({ ...request(), version, shares: [share], every: 0 });
const toResume = { ...request(), operation: null, abandon: false };

/** What a database says is in production, once it has looked at the record, and what its history ends with. */
async function production(engine: Engine): Promise<unknown> {
  await reconcile(engine, signal);
  const { pointer } = (await readService(engine.store.read, service)) ?? {};
  const open = tenures(await readHistory(engine.store.read, service), 'share').filter(({ until }) => until === null);
  return {
    pointer,
    shares: await readShares(engine.store.read, service),
    lane: (await laneHolder(engine.store.read, service))?.id ?? null,
    serving: open.map(({ version }) => version),
  };
}

function serves(version: string): unknown {
  return { pointer: version, shares: { [version]: 100 }, lane: null, serving: [version] };
}

/** The record cannot be written once nothing holds the lane of this database any more. */
function unheardEnd({ world, engine }: FakeEngine): void {
  world.faults.before = async (call) => {
    if (call !== 'swap' || (await laneHolder(engine.store.read, service)) !== null) return;
    throw new ProblemError({ code: 'target.unreachable', what: 'no answer', why: 'test', touched: 'no', next: 'sofare status' });
  };
}

/** A deploy whose process died after its traffic was moved and before anything more was said. */
async function leftHalfWay({ engine }: FakeEngine, dead: Set<string>, version: string): Promise<Operation> {
  const transaction: Engine['store']['transaction'] = async (name, work) => {
    const done = await engine.store.transaction(name, work, service);
    if (name === 'route.done') throw new Error('died');
    return done;
  };
  await assert.rejects(deploy({ ...engine, store: { ...engine.store, transaction } }, direct(version)), /died/);
  dead.add(firstOwner);
  const [left] = await listOperations(engine.store.read, service, 1);
  return left as Operation;
}

test('an end that the record did not hear of is told by the next who looks, so that no other database waits for it', async () => {
  const { first, second } = await twoDatabases('1.2.0', '1.3.0');
  await deploy(first.engine, direct('1.2.0'));
  unheardEnd(first);
  assert.equal(exitOf(await deploy(first.engine, direct('1.3.0'))), 0);
  delete first.world.faults.before;
  await reconcile(second.engine, signal);
  assert.notEqual(await laneHolder(second.engine.store.read, service), null);
  await reconcile(first.engine, signal);
  assert.deepEqual(await production(second.engine), serves('1.3.0'));
});

test('an operation that another database takes up, which had not heard of its end, ends in both', async () => {
  const { first, second, dead } = await twoDatabases('1.2.0', '1.3.0');
  for (const version of ['1.2.0', '1.3.0']) await deploy(first.engine, direct(version));
  unheardEnd(first);
  assert.equal(exitOf(await rollback(first.engine, rollbackRequest())), 0);
  delete first.world.faults.before;
  dead.add(firstOwner);
  assert.equal(exitOf(await resume(second.engine, toResume)), 0);
  const [taken] = await listOperations(second.engine.store.read, service, 1);
  const again = restarted(first, 'first/boot/1/2');
  assert.deepEqual([await production(again), await production(second.engine)], [serves('1.2.0'), serves('1.2.0')]);
  assert.equal((await readOperation(again.store.read, taken?.id ?? ''))?.state, 'completed');
});

test('whoever loses the service to the operation that it had pushed aside says of that that it lives', async () => {
  const { first, second, dead } = await twoDatabases('1.2.0', '1.3.0');
  await deploy(first.engine, direct('1.2.0'));
  const left = await leftHalfWay(first, dead, '1.3.0');
  await reconcile(second.engine, signal);
  const again = restarted(first, 'first/boot/1/2');
  let other = true;
  first.world.faults.before = async (call) => {
    if (call !== 'swap' || !other) return;
    other = false;
    await resume(second.engine, toResume);
  };
  const outcome = await abort(again, request());
  assert.equal(outcome.kind === 'ran' && outcome.by?.id, left.id);
  const told = await requireOperation(again.store.read, left.id);
  assert.deepEqual([told.state, told.supersededBy, told.owners.at(-1)], ['completed', null, secondOwner]);
  assert.deepEqual([await production(again), await production(second.engine)], [serves('1.3.0'), serves('1.3.0')]);
});

test('what one database saw and the record was never told is ended in its history by what stands there now', async () => {
  const { first, second, dead } = await twoDatabases('1.2.0', '1.3.0');
  await deploy(first.engine, direct('1.2.0'));
  await reconcile(second.engine, signal);
  await leftHalfWay(first, dead, '1.3.0');
  assert.equal(exitOf(await rollback(second.engine, rollbackRequest())), 0);
  const again = restarted(first, 'first/boot/1/2');
  assert.deepEqual(await production(again), serves('1.2.0'));
  const before = await readHistory(again.store.read, service);
  assert.deepEqual(await production(again), serves('1.2.0'));
  assert.equal((await readHistory(again.store.read, service)).length, before.length, 'once more changes nothing');
});

test('a verdict on a deploy that another database has taken back moves nothing', async () => {
  const { first, second } = await twoDatabases('1.2.0', '1.3.0', '1.4.0');
  for (const version of ['1.2.0', '1.3.0']) await deploy(first.engine, direct(version));
  await deploy(first.engine, direct('1.4.0', 20));
  const watched = (await laneHolder(first.engine.store.read, service)) as Operation;
  for (let steps = 0; steps < 2; steps += 1)
    assert.equal(exitOf(await rollback(second.engine, rollbackRequest({ to: steps === 0 ? '1.3.0' : '1.2.0' }))), 0);
  const writes = [...first.world.writes];
  const verdict = { action: 'roll back', verdict: 'regressed', cause: 'failed', because: 'it errs' } as const;
  const decision = { ...verdict, metrics: [], logE: 0, bar: 0, exposure: { had: 0, needed: 0 } };
  await assert.rejects(abortByGuard(first.engine, watched, decision, request()), isFenced);
  await assert.rejects(promoteByGuard(first.engine, watched, { ...decision, action: 'promote' }, request()), isFenced);
  assert.deepEqual(first.world.writes, writes);
  assert.deepEqual(await production(first.engine), serves('1.2.0'));
});

test('who resumes what another database takes back at the same instant does not bring it in again', async () => {
  const { first, second, dead } = await twoDatabases('1.2.0', '1.3.0');
  await register(second.engine, '1.2.0', '1.3.0');
  await deploy(first.engine, direct('1.2.0'));
  const left = await leftHalfWay(first, dead, '1.3.0');
  let looks = 0;
  first.world.faults.before = async (call) => {
    if (call === 'record-read') looks += 1;
    // Its database has caught up with what the record said at the first.
    if (call === 'record-read' && looks === 2) await rollback(second.engine, rollbackRequest());
  };
  const outcome = await resume(restarted(first, 'first/boot/1/2'), { ...toResume, operation: left.id });
  assert.equal(outcome.kind, 'nothing');
  assert.deepEqual(first.world.weights, { '1.2.0': 100 });
  assert.deepEqual(await production(second.engine), serves('1.2.0'));
});

test('who takes up what it knows from the record alone does not say, when it is cut short, that nothing was touched', async () => {
  const { first, second, dead } = await twoDatabases('1.2.0', '1.3.0');
  await deploy(first.engine, direct('1.2.0'));
  const { world } = first;
  await leftHalfWay(first, dead, '1.3.0');
  await reconcile(second.engine, signal);
  world.faults.before = (call) => {
    if (call !== 'swap') return;
    throw new ProblemError({ code: 'target.unreachable', what: 'no answer', why: 'test', touched: 'no', next: 'sofare status' });
  };
  await assert.rejects(resume(second.engine, toResume), (error: unknown) => {
    assert.ok(error instanceof ProblemError);
    assert.deepEqual([error.problem.code, error.problem.touched], ['interrupted', 'unknown']);
    return true;
  });
  assert.deepEqual(world.weights, { '1.3.0': 100 });
});
