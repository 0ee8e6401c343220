import assert from 'node:assert/strict';
import { after, test, type TestContext } from 'node:test';
import { systemClock } from '../../../src/adapters/system/clock.ts';
import { claim } from '../../../src/execute/claim.ts';
import type { Engine } from '../../../src/execute/engine.ts';
import { listOperations } from '../../../src/execute/read.ts';
import { ProblemError } from '../../../src/model/errors.ts';
import { deploy } from '../../../src/operate/deploy.ts';
import { rollback } from '../../../src/operate/rollback.ts';
import { noFailpoints } from '../../../src/ports/failpoints.ts';
import { createRelease } from '../../../src/registry/create-release.ts';
import { emptyBundle } from '../../../src/registry/bundle.ts';
import { liftHold, setHold } from '../../../src/registry/hold.ts';
import { readHistory } from '../../../src/registry/history.ts';
import { changeStatus, registerVersion } from '../../../src/registry/register.ts';
import { ensureService, raiseFence, readService } from '../../../src/registry/services.ts';
import { listVersions } from '../../../src/registry/versions.ts';
import { openPostgres } from '../../../src/store/postgres.ts';
import type { Store } from '../../../src/store/store.ts';
import { fakeEngine, register, request, rollbackRequest } from '../../fixtures/fake-engine.ts';
import { startPostgres } from '../../fixtures/postgres.ts';

const postgres = await startPostgres();
after(() => postgres.stop());

async function stores(t: TestContext, many: number): Promise<readonly Store[]> {
  const url = await postgres.database();
  const options = { url, lease: 30_000, readOnly: false, clock: systemClock, failpoints: noFailpoints };
  const opened = await Promise.all(Array.from({ length: many }, () => openPostgres(options)));
  t.after(() => Promise.all(opened.map((store) => store.close())));
  return opened;
}

/** Controllers with a store each, on one database and one world; all of them live, but for those named dead. */
async function engines(t: TestContext, many: number): Promise<{ readonly each: readonly Engine[]; readonly dead: Set<string> }> {
  const fake = await fakeEngine();
  const dead = new Set<string>();
  const each = (await stores(t, many)).map((store, index): Engine => {
    const self = `host/boot/${index}/1`;
    return { ...fake.engine, store, processes: { self: () => self, life: (owner) => (dead.has(owner) ? 'gone' : 'alive') } };
  });
  return { each, dead };
}

const codeOf = (error: unknown): string => (error instanceof ProblemError ? error.problem.code : String(error));

test('of many deploys that begin at once one has the lane, and the fences of all there ever were are different', {
  timeout: 120_000,
}, async (t) => {
  const { each } = await engines(t, 6);
  const [first] = each as [Engine];
  const versions = each.map((_, index) => `1.${index}.0`);
  await register(first, ...versions);
  const ends = await Promise.all(
    each.map((engine, index) =>
      deploy(engine, { ...request(), version: versions[index] ?? '', shares: [100], every: 0 }).then(
        (outcome) => outcome.kind,
        codeOf,
      ),
    ),
  );
  const ran = ends.filter((end) => end === 'ran').length;
  assert.ok(ran >= 1, ends.join(' '));
  for (const end of ends) assert.ok(['ran', 'lane.taken', 'plan.stale', 'superseded'].includes(end), end);
  const operations = await listOperations(first.store.read, 'fraud-scorer', 20);
  assert.equal(operations.length, ran);
  assert.equal(new Set(operations.map(({ fence }) => fence)).size, operations.length);
  const { pointer } = (await readService(first.store.read, 'fraud-scorer')) ?? {};
  const history = await readHistory(first.store.read, 'fraud-scorer');
  assert.equal(history.find(({ kind }) => kind === 'pointed')?.version, pointer);
});

test('of many that press rollback at once, all see the one step back', { timeout: 120_000 }, async (t) => {
  const { each } = await engines(t, 6);
  const [first] = each as [Engine];
  await register(first, '1.0.0', '1.1.0', '1.2.0');
  for (const version of ['1.0.0', '1.1.0', '1.2.0']) await deploy(first, { ...request(), version, shares: [100], every: 0 });
  await Promise.all(each.map((engine) => rollback(engine, rollbackRequest()).catch((error: unknown) => codeOf(error))));
  const back = (await listOperations(first.store.read, 'fraud-scorer', 20)).filter(({ kind }) => kind === 'rollback');
  assert.deepEqual(
    back.map(({ state, plan }) => `${state} ${plan.to}`),
    ['completed 1.1.0'],
  );
  assert.equal((await readService(first.store.read, 'fraud-scorer'))?.pointer, '1.1.0');
});

test('of many that take over from a dead one, one does', { timeout: 120_000 }, async (t) => {
  const { each, dead } = await engines(t, 6);
  const [first] = each as [Engine];
  await register(first, '1.0.0', '1.1.0');
  await deploy(first, { ...request(), version: '1.0.0', shares: [100], every: 0 });
  const stopped = { hit: (name: string) => name === 'route.before-apply' && assert.fail('stopped') };
  await assert.rejects(
    deploy({ ...first, failpoints: stopped as never }, { ...request(), version: '1.1.0', shares: [100], every: 0 }),
  );
  dead.add(first.processes.self());
  const [left] = await listOperations(first.store.read, 'fraud-scorer', 1);
  const claims = await Promise.all(
    each.slice(1).map((engine) => claim(engine, left?.id ?? '', 'test', 0).then(({ owner }) => owner, codeOf)),
  );
  assert.equal(claims.filter((end) => end === 'lane.taken').length, 4);
  const [now] = await listOperations(first.store.read, 'fraud-scorer', 1);
  assert.ok(claims.includes(now?.owner ?? ''));
});

test('what is read and then written in the registry is never written over by another', { timeout: 120_000 }, async (t) => {
  const all = await stores(t, 4);
  const [first] = all as [Store];
  await first.transaction('service', (tx) => ensureService(tx, 's', 'm'));
  const times = Array.from({ length: 40 }, (_, index) => all[index % all.length] as Store);
  const fences = await Promise.all(times.map((store) => store.transaction('fence', (tx) => raiseFence(tx, 's', 0), 's')));
  assert.deepEqual(
    fences.toSorted((one, other) => one - other),
    Array.from({ length: 40 }, (_, index) => index + 1),
  );
  const release = {
    model: 'm',
    bump: 'minor' as const,
    bundle: emptyBundle,
    actor: 'a',
    reason: 'r',
    metrics: {},
    parameters: {},
  };
  const more = { run: null, changelog: '', breakingChanges: [] };
  await Promise.all(
    times.slice(0, 12).map((store) => store.transaction('release', (tx, at) => createRelease(tx, { ...release, ...more }, at))),
  );
  const versions = await listVersions(first.read, 'm');
  assert.equal(new Set(versions.map(({ version }) => version)).size, 12);
  const again = { model: 'm', version: '9.0.0', draft: false, bundle: emptyBundle, actor: 'a', reason: 'r' };
  const made = await Promise.all(
    times.slice(0, 8).map((store) => store.transaction('register', (tx, at) => registerVersion(tx, again, at))),
  );
  assert.equal(made.filter(({ created }) => created).length, 1);
  const changed = await Promise.all(
    times
      .slice(0, 6)
      .map((store) =>
        store
          .transaction('status', (tx, at) => changeStatus(tx, 'm', '9.0.0', 'release', { actor: 'a', reason: 'r', at }))
          .then(() => 'released', codeOf),
      ),
  );
  assert.ok(changed.includes('released'), changed.join(' '));
  await Promise.all(
    times.map((store, index) =>
      store.transaction(
        'hold',
        async (tx, at) => {
          if (index % 2 === 0) await setHold(tx, 's', { since: at, reason: String(index), actor: 'a', operation: null });
          else await liftHold(tx, 's', 'a', String(index), at);
        },
        's',
      ),
    ),
  );
  const marks = (await readHistory(first.read, 's')).filter(({ kind }) => kind === 'held' || kind === 'unheld');
  const lifts = marks.filter(({ kind }, index) => kind === 'unheld' && marks[index + 1]?.kind !== 'held');
  assert.deepEqual(lifts, [], 'what was not held was lifted');
  const { hold } = (await readService(first.read, 's')) ?? {};
  assert.equal(hold?.reason ?? null, marks[0]?.kind === 'held' ? marks[0].reason : null);
});
