import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { type ClusterClient, clusterClient } from '../../../src/adapters/kit/kubernetes/cluster-client.ts';
import { gitopsOwner } from '../../../src/adapters/owner/gitops.ts';
import { systemClock } from '../../../src/adapters/system/clock.ts';
import { istioTraffic } from '../../../src/adapters/traffic/istio.ts';
import { deploy } from '../../../src/operate/deploy.ts';
import { releaseOwner } from '../../../src/operate/end-hold.ts';
import { exitOf } from '../../../src/operate/outcome.ts';
import { rollback } from '../../../src/operate/rollback.ts';
import { type FakeEngine, fakeEngine, fakeService, register, request, rollbackRequest } from '../../fixtures/fake-engine.ts';
import { fakeWorld } from '../../fixtures/fake-world.ts';
import type { Access, Manifest } from './api.ts';
import { type ControlPlane, startControlPlane } from './control-plane.ts';
import { serviceAccount } from './service-account.ts';
import { pathOf, runVersions } from './traffic-objects.ts';

/** The objects of Argo CD and Flux are real to the API server; what acts on them here is a loop that obeys them as their controllers do. */
const { signal } = new AbortController();
const rules = fakeService.serving && { ...fakeService.serving, identity: null, least: 'declared' as const };
const service = { ...fakeService, name: 'fraud', serving: rules };
let plane: ControlPlane;
let namespace: string;
const clients: ClusterClient[] = [];

before(async () => {
  plane = await startControlPlane({ pods: true });
  namespace = await plane.namespace();
  await define('kustomize.toolkit.fluxcd.io', 'v1', 'Kustomization', 'kustomizations');
  await define('argoproj.io', 'v1alpha1', 'Application', 'applications');
  for (const name of ['flux-system', 'argocd']) await plane.namespace(name);
  await runVersions(plane.admin, namespace);
});

after(async () => {
  for (const client of clients) client.close();
  await plane?.[Symbol.asyncDispose]();
});

async function define(group: string, version: string, kind: string, plural: string): Promise<void> {
  const path = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions';
  const schema = { openAPIV3Schema: { 'type': 'object', 'x-kubernetes-preserve-unknown-fields': true } };
  const versions = [{ name: version, served: true, storage: true, schema }];
  await plane.admin.must('POST', path, {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: `${plural}.${group}` },
    spec: { group, scope: 'Namespaced', names: { plural, kind }, versions },
  });
  await plane.admin.until(
    `${path}?fieldSelector=metadata.name=${plural}.${group}`,
    ({ status }) =>
      status?.conditions?.some(
        (each: { type: string; status: string }) => each.type === 'Established' && each.status === 'True',
      ) === true,
  );
}

const kustomizations = '/apis/kustomize.toolkit.fluxcd.io/v1/namespaces/flux-system/kustomizations';
const applications = '/apis/argoproj.io/v1alpha1/namespaces/argocd/applications';

/** Applies what lies in Git whenever it may, ten times a second. `mayWork`: as the controller reads its own object. */
function loop(name: string, metadata: object, mayWork: () => Promise<boolean>): { end(): Promise<void> } {
  const inGit = {
    apiVersion: 'networking.istio.io/v1',
    kind: 'VirtualService',
    metadata: { name, ...metadata },
    spec: { hosts: ['fraud'], http: [{ name: 'primary', route: [{ destination: { host: 'fraud-1-1-0' } }] }] },
  };
  let over = false;
  const path = `${pathOf('VirtualService', namespace, name)}?fieldManager=gitops&force=true`;
  const running = (async () => {
    while (!over) {
      if (await mayWork()) await plane.admin.must('PATCH', path, inGit, 'application/apply-patch+yaml');
      await new Promise((resolve) => {
        setTimeout(resolve, 100);
      });
    }
  })();
  return {
    end: () => {
      over = true;
      return running;
    },
  };
}

/** 1.0.0 had production and 1.1.0 has it, as Git says too; traffic and owner are the real adapters. */
async function serving(name: string, access?: Access): Promise<FakeEngine> {
  const clientIn = async (where: string): Promise<ClusterClient> => {
    const made = clusterClient({ context: null, namespace: where, kubeconfig: plane.kubeconfig(access) }, systemClock);
    clients.push(made);
    return made;
  };
  const cluster = await clientIn(namespace);
  const traffic = { kind: 'istio', virtualService: name, routes: null, destinationRule: null, address: null } as const;
  const world = fakeWorld();
  Object.assign(world, {
    traffic: istioTraffic(service, traffic, cluster, systemClock),
    owner: gitopsOwner('fraud', traffic, cluster, clientIn),
  });
  const fake = await fakeEngine({ world, service });
  await register(fake.engine, '1.0.0', '1.1.0');
  await deploy(fake.engine, { ...request(), version: '1.0.0', shares: [100], every: 0 });
  await deploy(fake.engine, { ...request(), version: '1.1.0', shares: [100], every: 0 });
  return fake;
}

const route = (name: string, metadata: object): Manifest => ({
  apiVersion: 'networking.istio.io/v1',
  kind: 'VirtualService',
  metadata: { name, ...metadata },
  spec: { hosts: ['fraud'], http: [{ name: 'primary', route: [{ destination: { host: 'fraud-1-0-0' } }] }] },
});

test('flux: a rollback suspends the Kustomization that would put traffic back, and unhold lets it go on', async () => {
  const name = 'fraud-flux';
  const labels = { 'kustomize.toolkit.fluxcd.io/name': 'apps', 'kustomize.toolkit.fluxcd.io/namespace': 'flux-system' };
  await plane.admin.must('POST', kustomizations, {
    apiVersion: 'kustomize.toolkit.fluxcd.io/v1',
    kind: 'Kustomization',
    metadata: { name: 'apps' },
    spec: { path: './apps', interval: '1m' },
  });
  await plane.admin.must('POST', pathOf('VirtualService', namespace), route(name, { labels }));
  const { engine, world } = await serving(name);
  const own = () => plane.admin.must('GET', `${kustomizations}/apps`);
  const flux = loop(name, { labels }, async () => (await own())['spec'].suspend !== true);
  try {
    assert.equal(exitOf(await rollback(engine, rollbackRequest())), 0);
    assert.deepEqual(shares(await world.traffic.read(signal)), { '1.0.0': 100 });
    assert.equal((await own())['spec'].suspend, true);
    assert.deepEqual(await releaseOwner(engine, signal), ['Kustomization flux-system/apps goes on']);
    assert.deepEqual((await own())['spec'], { path: './apps', interval: '1m' });
    await plane.admin.until(
      `${pathOf('VirtualService', namespace)}?fieldSelector=metadata.name=${name}`,
      ({ spec }) => spec.http[0].route[0].destination.host === 'fraud-1-1-0',
    );
  } finally {
    await flux.end();
  }
});

test('argo cd: automated sync is taken off the application and the one that makes it, and both get theirs back', async () => {
  const name = 'fraud-argo';
  const tracked = (application: string) => ({ 'argocd.argoproj.io/tracking-id': `${application}:some/Kind:serving/thing` });
  const application = (own: string, automated: object, annotations?: object): Manifest => ({
    apiVersion: 'argoproj.io/v1alpha1',
    kind: 'Application',
    metadata: { name: own, ...(annotations ? { annotations } : {}) },
    spec: { syncPolicy: { automated, retry: { limit: 2 } } },
  });
  await plane.admin.must('POST', applications, application('root', { selfHeal: true, prune: true }));
  await plane.admin.must('POST', applications, application('shop', { selfHeal: true }, tracked('root')));
  const annotations = tracked('shop');
  await plane.admin.must('POST', pathOf('VirtualService', namespace), route(name, { annotations }));
  const { engine, world } = await serving(name);
  const policy = async (own: string) => (await plane.admin.must('GET', `${applications}/${own}`))['spec'].syncPolicy;
  const argo = loop(name, { annotations }, async () => (await policy('shop')).automated?.selfHeal === true);
  try {
    assert.equal(exitOf(await rollback(engine, rollbackRequest())), 0);
  } finally {
    await argo.end();
  }
  assert.deepEqual(shares(await world.traffic.read(signal)), { '1.0.0': 100 });
  for (const own of ['root', 'shop']) assert.deepEqual(await policy(own), { retry: { limit: 2 } });
  assert.deepEqual(await releaseOwner(engine, signal), ['application shop goes on', 'application root goes on']);
  assert.deepEqual(await policy('root'), { automated: { selfHeal: true, prune: true }, retry: { limit: 2 } });
  assert.deepEqual(await policy('shop'), { automated: { selfHeal: true }, retry: { limit: 2 } });
});

test('an application that an ApplicationSet makes is not paused: it would be put back at once', async () => {
  const name = 'fraud-set';
  const annotations = { 'argocd.argoproj.io/tracking-id': 'made:some/Kind:serving/thing' };
  const made = { apiVersion: 'argoproj.io/v1alpha1', kind: 'ApplicationSet', name: 'all', uid: 'any' };
  const automated = { selfHeal: true };
  await plane.admin.must('POST', applications, {
    apiVersion: 'argoproj.io/v1alpha1',
    kind: 'Application',
    metadata: { name: 'made', ownerReferences: [made] },
    spec: { syncPolicy: { automated } },
  });
  await plane.admin.must('POST', pathOf('VirtualService', namespace), route(name, { annotations }));
  const { engine } = await serving(name);
  const said = await engine.world?.owner?.quiet(signal);
  assert.deepEqual(said, ['application made is not paused: ApplicationSet all, which makes it, would undo that']);
  assert.deepEqual((await plane.admin.must('GET', `${applications}/made`))['spec'].syncPolicy, { automated });
});

test('who may do nothing at the controller rolls back all the same, with no verb beyond those for traffic', async () => {
  const name = 'fraud-denied';
  const annotations = { 'argocd.argoproj.io/tracking-id': 'shop:some/Kind:serving/thing' };
  await plane.admin.must('POST', pathOf('VirtualService', namespace), route(name, { annotations }));
  const access = await serviceAccount(plane.admin, namespace, 'traffic-only', [
    { apiGroups: ['networking.istio.io'], resources: ['virtualservices'], verbs: ['get', 'patch'] },
    { apiGroups: [''], resources: ['services'], verbs: ['list'] },
    { apiGroups: ['discovery.k8s.io'], resources: ['endpointslices'], verbs: ['list'] },
  ]);
  const { engine, world } = await serving(name, access);
  const [said = ''] = (await engine.world?.owner?.quiet(signal)) ?? [];
  assert.match(said, /^GitOps could not be paused: applications\.argoproj\.io "shop" is forbidden/);
  assert.equal(exitOf(await rollback(engine, rollbackRequest())), 0);
  assert.deepEqual(shares(await world.traffic.read(signal)), { '1.0.0': 100 });
});

function shares({ weights }: { readonly weights: Readonly<Record<string, number>> }): Readonly<Record<string, number>> {
  return Object.fromEntries(Object.entries(weights).filter(([, share]) => share > 0));
}
