import assert from 'node:assert/strict';
import { test } from 'node:test';
import { objectKinds } from '../../src/adapters/kit/kubernetes/object-kinds.ts';
import { systemClock } from '../../src/adapters/system/clock.ts';
import { istioTraffic } from '../../src/adapters/traffic/istio.ts';
import { selectorTraffic } from '../../src/adapters/traffic/service-selector.ts';
import { type Problem, ProblemError } from '../../src/model/errors.ts';
import type { IstioTraffic } from '../../src/model/service.ts';
import { deploy } from '../../src/operate/deploy.ts';
import { exitOf } from '../../src/operate/outcome.ts';
import { rollback } from '../../src/operate/rollback.ts';
import { readSituation } from '../../src/operate/situation.ts';
import type { Clock } from '../../src/ports/clock.ts';
import type { Traffic } from '../../src/ports/traffic.ts';
import { differencesOf } from '../../src/report/reality.ts';
import { type FakeEngine, fakeEngine, fakeService, register, request, rollbackRequest } from '../fixtures/fake-engine.ts';
import { fakeWorld } from '../fixtures/fake-world.ts';
import { InMemoryCluster } from './in-memory-cluster.ts';

/** What went wrong in other tools after an abort or a rollback; each is named by the thread that tells of it. */
const { signal } = new AbortController();
const { virtualService, destinationRule, service: services } = objectKinds;
const service = {
  ...fakeService,
  name: 'fraud',
  ...(fakeService.serving ? { serving: { ...fakeService.serving, identity: null, least: 'declared' as const } } : {}),
};
const nameOf = (version: string): string => `fraud-${version.replaceAll('.', '-')}`;
const routed = (more: Partial<IstioTraffic> = {}): IstioTraffic => ({
  kind: 'istio',
  virtualService: 'fraud',
  routes: null,
  destinationRule: null,
  address: null,
  ...more,
});

/** 1.0.0 has everything and 1.1.0 is a canary with 10 %, routed by a real adapter on objects in memory. */
async function withCanary(cluster: InMemoryCluster, traffic: Traffic): Promise<FakeEngine> {
  const world = fakeWorld();
  const { apply } = world.target;
  Object.assign(world, {
    traffic,
    target: {
      ...world.target,
      apply: async (...given: Parameters<typeof apply>) => {
        await apply(...given);
        cluster.run(given[0].name, nameOf(given[0].name));
      },
    },
  });
  const fake = await fakeEngine({ world, service });
  await register(fake.engine, '1.0.0', '1.1.0');
  await deploy(fake.engine, { ...request(), version: '1.0.0', shares: [100], every: 0 });
  await deploy(fake.engine, { ...request(), version: '1.1.0', shares: [10], every: 0 });
  assert.deepEqual(positive((await traffic.read(signal)).weights), { '1.0.0': 90, '1.1.0': 10 });
  return fake;
}

function twoRoutes(clock: Clock = systemClock): { readonly cluster: InMemoryCluster; readonly traffic: Traffic } {
  const cluster = new InMemoryCluster();
  cluster.put(virtualService, 'fraud', {
    spec: {
      http: [
        { name: 'interactive', route: [{ destination: { host: 'bootstrap' } }] },
        { name: 'batch', route: [{ destination: { host: 'bootstrap' } }] },
      ],
    },
  });
  return { cluster, traffic: istioTraffic(service, routed({ routes: ['interactive', 'batch'] }), cluster.client, clock) };
}

test('argo-rollouts-4841-kserve-2130-an-aborted-canary-keeps-a-weight-in-one-of-its-routes', async () => {
  const { cluster, traffic } = twoRoutes();
  const { engine } = await withCanary(cluster, traffic);
  assert.equal(exitOf(await rollback(engine, rollbackRequest())), 0);
  const { http } = cluster.get(virtualService, 'fraud')['spec'] as { http: readonly { route: readonly { weight: number }[] }[] };
  assert.deepEqual(
    http.map(({ route }) => route.map(({ weight }) => weight)),
    [
      [0, 100, 0],
      [0, 100, 0],
    ],
  );
});

test('argo-cd-6147-after-an-abort-everything-is-degraded-until-a-person-acts', async () => {
  const { cluster, traffic } = twoRoutes();
  const { engine } = await withCanary(cluster, traffic);
  assert.equal(exitOf(await rollback(engine, rollbackRequest())), 0);
  const situation = await readSituation(engine, signal);
  assert.equal(situation.lane, null);
  assert.equal(situation.observation.pointer, '1.0.0');
  assert.deepEqual(differencesOf(situation), []);
});

test('argo-rollouts-3372-3020-4612-traffic-goes-to-a-stable-version-that-is-not-ready', async () => {
  let later = 0;
  const { cluster, traffic } = twoRoutes({ ...systemClock, monotonic: () => systemClock.monotonic() + later });
  await withCanary(cluster, traffic);
  cluster.run('1.0.0', nameOf('1.0.0'), 0);
  later = 1_000;
  const problem = await refusal(traffic.write({ '1.0.0': 100 }, 'late/1', 99, signal));
  assert.equal(problem.code, 'target.not-ready');
  assert.deepEqual(positive((await traffic.read(signal)).weights), { '1.0.0': 90, '1.1.0': 10 });
});

test('argo-rollouts-1838-2316-2576-a-destination-rule-that-leads-to-the-bad-version-is-taken-for-the-good-one', async () => {
  const cluster = new InMemoryCluster();
  cluster.put(virtualService, 'fraud', { spec: { http: [{ route: [{ destination: { host: 'fraud', subset: 'stable' } }] }] } });
  cluster.put(destinationRule, 'fraud', {
    spec: { host: 'fraud', subsets: [{ name: 'stable', labels: { 'sofare.dev/version': '1.1.0' } }] },
  });
  cluster.run('1.0.0', nameOf('1.0.0'));
  cluster.run('1.1.0', nameOf('1.1.0'));
  const traffic = istioTraffic(service, routed({ destinationRule: 'fraud' }), cluster.client, systemClock);
  // The subset is called stable, and its pods are the bad version's: what it is called says nothing.
  assert.deepEqual((await traffic.read(signal)).weights, { '1.1.0': 100 });
  await traffic.write({ '1.0.0': 100 }, 'op/1', 1, signal);
  assert.deepEqual((await traffic.read(signal)).weights, { '1.0.0': 100 });
  const { http } = cluster.get(virtualService, 'fraud')['spec'] as { http: readonly { route: unknown }[] };
  assert.deepEqual(http[0]?.route, [
    { destination: { host: 'fraud', subset: 'stable' }, weight: 0 },
    { destination: { host: 'fraud', subset: 'fraud-1-0-0' }, weight: 100 },
  ]);
});

test('argo-rollouts-2781-3078-4973-a-selector-flaps-back-to-the-version-that-was-left', async () => {
  const cluster = new InMemoryCluster();
  cluster.run('1.0.0', nameOf('1.0.0'));
  cluster.run('1.1.0', nameOf('1.1.0'));
  cluster.put(services, 'fraud', { spec: { selector: { 'sofare.dev/version': '1.1.0' } } });
  cluster.endpoints('fraud', ['fraud-1-1-0-a']);
  cluster.meanwhile = () => cluster.endpoints('fraud', ['fraud-1-0-0-a']);
  const make = (): Traffic =>
    selectorTraffic(service, { kind: 'service-selector', service: 'fraud', address: null }, cluster.client, systemClock);
  const [aborted, ours] = [make(), make()];
  // The deploy that was pushed aside looked before the rollback wrote, and writes after it.
  await aborted.read(signal);
  await ours.write({ '1.0.0': 100 }, 'rollback/1', 8, signal);
  assert.equal((await refusal(aborted.write({ '1.1.0': 100 }, 'deploy/3', 7, signal))).code, 'target.changed');
  for (let again = 0; again < 3; again += 1)
    assert.equal((await refusal(aborted.write({ '1.1.0': 100 }, 'deploy/3', 7, signal))).code, 'superseded');
  assert.deepEqual((await ours.read(signal)).weights, { '1.0.0': 100 });
});

test('argo-rollouts-3080-3316-3418-2522-the-object-has-been-modified-and-nothing-goes-on', async () => {
  const { cluster, traffic } = twoRoutes();
  let edits = 0;
  // Some controller writes the status whenever anybody writes the object, and in each moment before our patch.
  cluster.before = (kind) => {
    const { spec, metadata } = cluster.get(virtualService, 'fraud');
    edits += 1;
    if (kind === virtualService.kind && edits % 2 === 1)
      cluster.put(virtualService, 'fraud', { spec, metadata, status: { edits } });
  };
  const { engine } = await withCanary(cluster, traffic);
  assert.equal(exitOf(await rollback(engine, rollbackRequest())), 0);
  assert.ok(edits > 3);
  assert.deepEqual(positive((await traffic.read(signal)).weights), { '1.0.0': 100 });
});

function positive(weights: Readonly<Record<string, number>>): Readonly<Record<string, number>> {
  return Object.fromEntries(Object.entries(weights).filter(([, share]) => share > 0));
}

async function refusal(work: Promise<unknown>): Promise<Problem> {
  const error = await work.then(
    () => null,
    (each: unknown) => each,
  );
  assert.ok(error instanceof ProblemError, `nothing was refused: ${String(error)}`);
  return error.problem;
}
