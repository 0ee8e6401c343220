import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { type ClusterClient, clusterClient } from '../../../src/adapters/kit/kubernetes/cluster-client.ts';
import { systemClock } from '../../../src/adapters/system/clock.ts';
import { istioTraffic } from '../../../src/adapters/traffic/istio.ts';
import { listOperations } from '../../../src/execute/read.ts';
import { deploy } from '../../../src/operate/deploy.ts';
import { exitOf } from '../../../src/operate/outcome.ts';
import { rollback } from '../../../src/operate/rollback.ts';
import { type FakeEngine, fakeEngine, fakeService, register, request, rollbackRequest } from '../../fixtures/fake-engine.ts';
import { fakeWorld } from '../../fixtures/fake-world.ts';
import type { Access, Manifest } from './api.ts';
import { type ControlPlane, startControlPlane } from './control-plane.ts';
import { FaultyProxy } from './faulty-proxy.ts';
import { pathOf, runVersions } from './traffic-objects.ts';

const { signal } = new AbortController();
const rules = fakeService.serving && { ...fakeService.serving, identity: null, least: 'declared' as const };
const service = { ...fakeService, name: 'fraud', serving: rules };
let plane: ControlPlane;
let namespace: string;
const clients: ClusterClient[] = [];

before(async () => {
  plane = await startControlPlane({ pods: true });
  namespace = await plane.namespace();
  await runVersions(plane.admin, namespace);
});

after(async () => {
  for (const client of clients) client.close();
  await plane?.[Symbol.asyncDispose]();
});

/** What lies in Git: everything on 1.0.0. */
const inGit = (name: string): Manifest => ({
  apiVersion: 'networking.istio.io/v1',
  kind: 'VirtualService',
  metadata: {
    name,
    annotations: { 'argocd.argoproj.io/tracking-id': `shop:networking.istio.io/VirtualService:serving/${name}` },
  },
  spec: { hosts: ['fraud'], http: [{ name: 'primary', route: [{ destination: { host: 'fraud-1-0-0' } }] }] },
});

/** As a GitOps controller does: by server-side apply, whoever else holds the fields. */
async function sync(name: string): Promise<void> {
  const path = `${pathOf('VirtualService', namespace, name)}?fieldManager=argocd-controller&force=true`;
  await plane.admin.must('PATCH', path, inGit(name), 'application/apply-patch+yaml');
}

/** 1.0.0 serves, routed by the real adapter; who runs the versions is a stand-in. */
async function serving(name: string, access?: Access): Promise<FakeEngine> {
  const cluster = clusterClient({ context: null, namespace, kubeconfig: plane.kubeconfig(access, namespace) }, systemClock);
  clients.push(cluster);
  const options = { kind: 'istio', virtualService: name, routes: null, destinationRule: null, address: null } as const;
  const world = fakeWorld();
  Object.assign(world, { traffic: istioTraffic(service, options, cluster, systemClock) });
  const fake = await fakeEngine({ world, service });
  await register(fake.engine, '1.0.0', '1.1.0');
  await deploy(fake.engine, { ...request(), version: '1.0.0', shares: [100], every: 0 });
  return fake;
}

test('a GitOps loop that reverts every second is written against twice, then named, and nothing goes back and forth', async () => {
  const name = 'fraud-reverted';
  await using proxy = new FaultyProxy(plane.admin.access, plane.serving);
  await sync(name);
  const { engine, world } = await serving(name, await proxy.start());
  const before = proxy.asked.length;
  let syncing = Promise.resolve();
  const loop = setInterval(() => {
    syncing = syncing.then(() => sync(name));
  }, 1_000);
  try {
    assert.equal(exitOf(await deploy(engine, { ...request(), version: '1.1.0', shares: [100], every: 0 })), 10);
  } finally {
    clearInterval(loop);
    await syncing;
  }
  assert.equal(proxy.asked.slice(before).filter(({ method }) => method === 'PATCH').length, 2);
  const [operation] = await listOperations(engine.store.read, 'fraud', 1);
  assert.deepEqual([operation?.state, operation?.problem?.code], ['stuck', 'foreign-change']);
  assert.match(operation?.problem?.why ?? '', /Argo CD \(application shop\)/);
  assert.match(operation?.plan.notes.join() ?? '', /argocd app set shop --sync-policy none/);
  assert.deepEqual((await world.traffic.read(signal)).weights, { '1.0.0': 100 });
});

test('an edit by kubectl in mid-operation is not written over, and the operation waits for a person', async () => {
  const name = 'fraud-edited';
  await using proxy = new FaultyProxy(plane.admin.access, plane.serving);
  await plane.admin.must('POST', pathOf('VirtualService', namespace), { ...inGit(name), metadata: { name } });
  const { engine, world } = await serving(name, await proxy.start());
  const edited = [
    { destination: { host: 'fraud-1-0-0' }, weight: 70 },
    { destination: { host: 'elsewhere' }, weight: 30 },
  ];
  const path = pathOf('VirtualService', namespace, name);
  const operations = [{ op: 'replace', path: '/spec/http/0/route', value: edited }];
  const editing = proxy.fail({
    method: 'PATCH',
    path: new RegExp(`/${name}\\?`),
    fault: {
      first: () => plane.admin.must('PATCH', `${path}?fieldManager=kubectl-edit`, operations, 'application/json-patch+json'),
    },
  });
  assert.equal(exitOf(await deploy(engine, { ...request(), version: '1.1.0', shares: [100], every: 0 })), 10);
  await editing.happened;
  assert.deepEqual((await world.traffic.read(signal)).weights, { '1.0.0': 70, 'elsewhere': 30 });
  const [operation] = await listOperations(engine.store.read, 'fraud', 1);
  assert.match(operation?.problem?.why ?? '', /elsewhere.*kubectl-edit/);
});

test('somebody who keeps writing labels and status of the object does not keep a canary and its rollback from going on', async () => {
  const name = 'fraud-busy';
  await plane.admin.must('POST', pathOf('VirtualService', namespace), { ...inGit(name), metadata: { name } });
  const { engine, world } = await serving(name);
  const path = pathOf('VirtualService', namespace, name);
  let edits = 0;
  let done = false;
  const editing = (async () => {
    for (; !done; edits += 1) {
      const label = { metadata: { labels: { edit: String(edits) } } };
      await plane.admin.must('PATCH', `${path}?fieldManager=labeller`, label, 'application/merge-patch+json');
    }
  })();
  try {
    assert.equal(exitOf(await deploy(engine, { ...request(), version: '1.1.0', shares: [10], every: 0 })), 0);
    assert.equal(exitOf(await rollback(engine, rollbackRequest())), 0);
  } finally {
    done = true;
    await editing;
  }
  assert.ok(edits >= 3, `only ${edits} edits`);
  assert.deepEqual((await world.traffic.read(signal)).weights, { '1.0.0': 100 });
});
