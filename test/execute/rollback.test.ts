import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ProblemError } from '../../src/model/errors.ts';
import { readOperation } from '../../src/execute/read.ts';
import { abort } from '../../src/operate/abort.ts';
import { deploy } from '../../src/operate/deploy.ts';
import { exitOf } from '../../src/operate/outcome.ts';
import { promote } from '../../src/operate/promote.ts';
import { resume } from '../../src/operate/resume.ts';
import { rollback } from '../../src/operate/rollback.ts';
import { readHistory } from '../../src/registry/history.ts';
import { liftHold, setHold } from '../../src/registry/hold.ts';
import { quarantined } from '../../src/registry/quarantine.ts';
import { readService } from '../../src/registry/services.ts';
import { readShares } from '../../src/registry/shares.ts';
import type { Engine } from '../../src/execute/engine.ts';
import { fakeEngine, register, request, rollbackRequest } from '../fixtures/fake-engine.ts';

const direct = (version: string) => ({ ...request(), version, shares: [100], every: 0 });

async function agreeing(engine: Engine, weights: Readonly<Record<string, number>>, version: string): Promise<void> {
  assert.deepEqual(weights, { [version]: 100 });
  assert.equal((await readService(engine.store.read, 'fraud-scorer'))?.pointer, version);
  assert.deepEqual(await readShares(engine.store.read, 'fraud-scorer'), { [version]: 100 });
}

test('a rollback takes traffic, pointer, history, hold and quarantine back as one operation', async () => {
  const { engine, world } = await fakeEngine();
  await register(engine, '1.2.0', '1.3.0');
  assert.equal(exitOf(await deploy(engine, direct('1.2.0'))), 0);
  assert.equal(exitOf(await deploy(engine, direct('1.3.0'))), 0);
  const outcome = await rollback(engine, rollbackRequest());
  assert.equal(exitOf(outcome), 0);
  await agreeing(engine, world.weights, '1.2.0');
  assert.deepEqual([...(await quarantined(engine.store.read, 'fraud-scorer')).keys()], ['1.3.0']);
  assert.ok((await readService(engine.store.read, 'fraud-scorer'))?.hold);
  const kinds = (await readHistory(engine.store.read, 'fraud-scorer', {})).map((event) =>
    `${event.kind} ${event.version} ${event.share ?? ''}`.trim(),
  );
  assert.deepEqual(kinds.slice(0, 5), ['verified 1.2.0', 'pointed 1.2.0', 'share 1.2.0 100', 'share 1.3.0 0', 'held null']);
});

test('pressed-ten-times-is-one-step-back', async () => {
  const { engine, world } = await fakeEngine();
  await register(engine, '1.1.0', '1.2.0', '1.3.0');
  for (const version of ['1.1.0', '1.2.0', '1.3.0']) await deploy(engine, direct(version));
  for (let press = 0; press < 10; press += 1) assert.equal(exitOf(await rollback(engine, rollbackRequest())), 0);
  await agreeing(engine, world.weights, '1.2.0');
});

test('two-people-press-at-once-and-it-is-one-step', async () => {
  const { engine, world, another, dead } = await fakeEngine();
  await register(engine, '1.1.0', '1.2.0', '1.3.0');
  for (const version of ['1.1.0', '1.2.0', '1.3.0']) await deploy(engine, direct(version));
  const second = another();
  dead.clear();
  const outcomes = await Promise.all([rollback(engine, rollbackRequest()), rollback(second, rollbackRequest())]);
  assert.deepEqual(outcomes.map(exitOf), [0, 0]);
  await agreeing(engine, world.weights, '1.2.0');
});

test('a rollback during a canary goes to the stable version, known good or not', async () => {
  const { engine, world } = await fakeEngine();
  await register(engine, '1.2.0', '1.3.0');
  await deploy(engine, direct('1.2.0'));
  const canary = await deploy(engine, { ...direct('1.3.0'), shares: [10] });
  assert.equal(canary.kind === 'ran' && canary.operation.state, 'open');
  assert.deepEqual(world.weights, { '1.2.0': 90, '1.3.0': 10 });
  assert.equal(exitOf(await rollback(engine, rollbackRequest())), 0);
  await agreeing(engine, world.weights, '1.2.0');
  assert.equal(exitOf(await rollback(engine, rollbackRequest())), 0);
  await agreeing(engine, world.weights, '1.2.0');
});

test('an open deploy is promoted, and an abort by hand sets neither hold nor quarantine', async () => {
  const { engine, world } = await fakeEngine();
  await register(engine, '1.2.0', '1.3.0', '1.4.0');
  await deploy(engine, direct('1.2.0'));
  await deploy(engine, { ...direct('1.3.0'), shares: [10] });
  assert.equal(exitOf(await promote(engine, request())), 0);
  await agreeing(engine, world.weights, '1.3.0');
  await deploy(engine, { ...direct('1.4.0'), shares: [10] });
  assert.equal(exitOf(await abort(engine, request())), 0);
  await agreeing(engine, world.weights, '1.3.0');
  assert.equal((await quarantined(engine.store.read, 'fraud-scorer')).size, 0);
  assert.equal((await readService(engine.store.read, 'fraud-scorer'))?.hold, null);
});

test('a hold set while a canary has its share keeps it there, until unhold and resume', async () => {
  const { engine, world } = await fakeEngine();
  await register(engine, '1.2.0', '1.3.0');
  await deploy(engine, direct('1.2.0'));
  const hold = async (): Promise<void> =>
    engine.store.transaction('hold', (transaction) =>
      setHold(transaction, 'fraud-scorer', { since: 1, reason: 'freeze', actor: 'bo', operation: null }),
    );
  let shares = 0;
  world.faults.after = async (call) => {
    if (call === 'write' && ++shares === 1) await hold();
  };
  const outcome = await deploy(engine, { ...direct('1.3.0'), shares: [10, 100] });
  assert.equal(exitOf(outcome), 12);
  assert.deepEqual(world.weights, { '1.2.0': 90, '1.3.0': 10 });
  await assert.rejects(resume(engine, { ...request(), operation: null, abandon: false }), /check hold/);
  await engine.store.transaction('unhold', (transaction) => liftHold(transaction, 'fraud-scorer', 'bo', 'over', 2));
  assert.equal(exitOf(await resume(engine, { ...request(), operation: null, abandon: false })), 0);
  await agreeing(engine, world.weights, '1.3.0');
});

test('a first deploy ignores steps and has no way back', async () => {
  const { engine, world } = await fakeEngine();
  await register(engine, '1.2.0');
  assert.equal(exitOf(await deploy(engine, { ...direct('1.2.0'), shares: [10, 50], every: 1000 })), 0);
  await agreeing(engine, world.weights, '1.2.0');
  await assert.rejects(rollback(engine, rollbackRequest()), /rollback\.no-way-back/);
  await agreeing(engine, world.weights, '1.2.0');
});

test('a version that never becomes ready leaves production untouched', async () => {
  const { engine, world } = await fakeEngine();
  await register(engine, '1.2.0', '1.3.0');
  await deploy(engine, direct('1.2.0'));
  world.neverReady.add('1.3.0');
  const outcome = await deploy(engine, direct('1.3.0'));
  assert.equal(exitOf(outcome), 7);
  assert.equal(outcome.kind === 'ran' && outcome.operation.problem?.touched, 'no');
  await agreeing(engine, world.weights, '1.2.0');
});

test('a rollback whose target does not come up takes the next best, unless it was named', async () => {
  const { engine, world } = await fakeEngine();
  await register(engine, '1.1.0', '1.2.0', '1.3.0');
  for (const version of ['1.1.0', '1.2.0', '1.3.0']) await deploy(engine, direct(version));
  world.versions.delete('1.2.0');
  world.versions.delete('1.1.0');
  world.neverReady.add('1.2.0');
  const named = await rollback(engine, rollbackRequest({ to: '1.2.0' }));
  assert.equal(exitOf(named), 7);
  assert.deepEqual(world.weights, { '1.3.0': 100 });
  const outcome = await rollback(engine, rollbackRequest());
  assert.equal(exitOf(outcome), 0);
  await agreeing(engine, world.weights, '1.1.0');
});

test('an endpoint that names another version is acted on but not verified', async () => {
  const { engine, world } = await fakeEngine();
  await register(engine, '1.2.0', '1.3.0');
  await deploy(engine, direct('1.2.0'));
  world.identities.set('1.3.0', '9.9.9');
  const quick = { ...engine, clock: { ...engine.clock, monotonic: fastClock(), wait: async () => {} } };
  const outcome = await deploy(quick, direct('1.3.0'));
  assert.equal(exitOf(outcome), 9);
  assert.equal(
    (await readHistory(engine.store.read, 'fraud-scorer', {})).some(
      (event) => event.kind === 'verified' && event.version === '1.3.0',
    ),
    false,
  );
});

test('a timeout is not a failure: an effect that landed although its answer was lost is found by reading', async () => {
  const { engine, world } = await fakeEngine();
  await register(engine, '1.2.0', '1.3.0');
  await deploy(engine, direct('1.2.0'));
  let lost = 0;
  world.faults.after = (call) => {
    if (call === 'write' && lost++ === 0) throw unreachable();
  };
  assert.equal(exitOf(await deploy(engine, direct('1.3.0'))), 0);
  await agreeing(engine, world.weights, '1.3.0');
});

test('stale-controller-writes-after-takeover', async () => {
  const { engine, world } = await fakeEngine();
  await register(engine, '1.2.0', '1.3.0');
  await deploy(engine, direct('1.2.0'));
  world.fence += 5;
  const writes = world.writes.length;
  const stale = world.target.apply(
    { version: { version: '1.2.0' } as never, name: '1.2.0', copies: 1, artifacts: null, returns: false },
    'old',
    1,
    new AbortController().signal,
  );
  await assert.rejects(stale, /fence/);
  assert.equal(world.writes.length, writes);
  assert.equal(exitOf(await deploy(engine, direct('1.3.0'))), 0, 'a claim goes above every fence that the world has seen');
});

test('a registry alone moves its pointer through the same executor', async () => {
  const { engine } = await fakeEngine({ served: false });
  await register(engine, '1.0.0', '1.0.1', '1.0.2');
  await deploy(engine, direct('1.0.0'));
  await deploy(engine, direct('1.0.1'));
  assert.equal(exitOf(await rollback(engine, rollbackRequest())), 0);
  assert.equal((await readService(engine.store.read, 'fraud-scorer'))?.pointer, '1.0.0');
});

for (const point of [
  'create.after-commit',
  'wake.intent.before-commit',
  'wake.before-apply',
  'wake.after-apply',
  'route.before-apply',
  'route.after-apply',
  'route.done.before-commit',
  'route.done.after-commit',
  'confirm.done.after-commit',
]) {
  test(`stopped at ${point}, a successor finishes`, async () => {
    let armed = false;
    const failpoints = {
      hit: (name: string) => {
        if (armed && name === point) throw new Error(`stopped at ${name}`);
      },
    };
    const { engine, world, another } = await fakeEngine({ failpoints });
    await register(engine, '1.2.0', '1.3.0');
    await deploy(engine, direct('1.2.0'));
    await deploy(engine, direct('1.3.0'));
    world.versions.delete('1.2.0');
    armed = true;
    const fired = await rollback(engine, rollbackRequest()).then(
      () => false,
      (error: Error) => error.message.startsWith('stopped at'),
    );
    assert.ok(fired, 'the point must have fired');
    armed = false;
    const successor = another();
    const row = await engine.store.read
      .selectFrom('operations')
      .select('id')
      .where('kind', '=', 'rollback')
      .executeTakeFirstOrThrow();
    const outcome = await resume(successor, { ...request(), operation: row.id, abandon: false });
    assert.equal(exitOf(outcome), 0);
    assert.equal((await readOperation(engine.store.read, row.id))?.state, 'completed');
    await agreeing(engine, world.weights, '1.2.0');
  });
}

function fastClock(): () => number {
  let at = 0;
  return () => (at += 1_000);
}

function unreachable(): Error {
  return new ProblemError({
    code: 'outcome.unknown',
    what: 'no answer',
    why: 'the connection was reset',
    touched: 'unknown',
    next: '',
  });
}
