import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, test } from 'node:test';
import { Api, type Manifest } from './api.ts';
import { type ControlPlane, startControlPlane } from './control-plane.ts';
import { crashLoop } from './crash-loop.ts';
import { everyCustomResource } from './custom-resources.ts';
import { deployment } from './manifests.ts';
import { serviceAccount } from './service-account.ts';

let plane: ControlPlane;
let admin: Api;
let readyAfter = 0;

before(async () => {
  const begun = performance.now();
  plane = await startControlPlane({ pods: true, customResources: everyCustomResource });
  readyAfter = performance.now() - begun;
  admin = plane.admin;
});

after(() => plane?.[Symbol.asyncDispose]());

test('the pods of a Deployment become ready, with the digest of their image, and its Service leads to them', async (context) => {
  const namespace = await plane.namespace();
  const begun = performance.now();
  await admin.must('POST', `/apis/apps/v1/namespaces/${namespace}/deployments`, deployment('model', 3));
  await admin.must('POST', `/api/v1/namespaces/${namespace}/services`, {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name: 'model' },
    spec: { selector: { app: 'model' }, ports: [{ port: 80, targetPort: 8080 }] },
  });
  await admin.until(`/apis/apps/v1/namespaces/${namespace}/deployments`, ({ status }) => status.readyReplicas === 3);
  context.diagnostic(`ready after ${Math.round(readyAfter)} ms, three pods after ${Math.round(performance.now() - begun)} ms`);
  const { items } = await admin.must('GET', `/api/v1/namespaces/${namespace}/pods`);
  const digests = items.map(({ status }: Manifest) => status.containerStatuses[0].imageID);
  assert.match(digests[0], /^model@sha256:[0-9a-f]{64}$/);
  assert.equal(new Set(digests).size, 1);
  const slice = await admin.until(
    `/apis/discovery.k8s.io/v1/namespaces/${namespace}/endpointslices`,
    ({ endpoints }) => endpoints?.filter(({ conditions }: Manifest) => conditions.ready).length === 3,
  );
  assert.equal(slice['ports'][0].port, 8080);
});

test('a pod whose image cannot be pulled waits, and is not ready', async () => {
  const namespace = await plane.namespace();
  await admin.must('POST', `/apis/apps/v1/namespaces/${namespace}/deployments`, deployment('bad', 1, 'unpullable.test/model:1'));
  const { status } = await admin.until(
    `/api/v1/namespaces/${namespace}/pods`,
    (pod) => pod.status.containerStatuses !== undefined,
  );
  assert.equal(status.containerStatuses[0].state.waiting.reason, 'ImagePullBackOff');
  assert.equal(status.containerStatuses[0].ready, false);
});

test('one replica of several is in a crash loop, and its Deployment counts the others', async () => {
  const namespace = await plane.namespace();
  const deployments = `/apis/apps/v1/namespaces/${namespace}/deployments`;
  await admin.must('POST', deployments, deployment('model', 3));
  await admin.until(deployments, ({ status }) => status.readyReplicas === 3);
  const { items } = await admin.must('GET', `/api/v1/namespaces/${namespace}/pods`);
  await crashLoop(admin, namespace, items[1].metadata.name);
  await admin.until(deployments, ({ status }) => status.readyReplicas === 2);
  const still = await admin.must('GET', `/api/v1/namespaces/${namespace}/pods/${items[1].metadata.name}`);
  assert.equal(still['status'].containerStatuses[0].state.waiting.reason, 'CrashLoopBackOff');
});

test('pods of a Deployment that is scaled to nothing go, and so does a namespace with everything in it', async () => {
  const namespace = await plane.namespace();
  const deployments = `/apis/apps/v1/namespaces/${namespace}/deployments`;
  await admin.must('POST', deployments, deployment('model', 2));
  await admin.until(deployments, ({ status }) => status.readyReplicas === 2);
  await admin.must('PATCH', `${deployments}/model/scale`, { spec: { replicas: 0 } }, 'application/merge-patch+json');
  await admin.until(deployments, ({ status }) => status.replicas === undefined);
  assert.deepEqual((await admin.must('GET', `/api/v1/namespaces/${namespace}/pods`)).items, []);
  await admin.must('DELETE', `/api/v1/namespaces/${namespace}`);
  await admin.until(`/api/v1/namespaces?fieldSelector=metadata.name=${namespace}`, (_object, event) => event === 'DELETED');
});

const routes = [{ match: [{ uri: { prefix: '/' } }], route: [{ destination: { host: 'model' }, weight: 100 }] }];
const objects: readonly (readonly [plural: string, object: Manifest, broken: object])[] = [
  [
    'virtualservices',
    {
      apiVersion: 'networking.istio.io/v1',
      kind: 'VirtualService',
      metadata: { name: 'model' },
      spec: { hosts: ['model'], http: routes },
    },
    { hosts: 'model' },
  ],
  [
    'httproutes',
    {
      apiVersion: 'gateway.networking.k8s.io/v1',
      kind: 'HTTPRoute',
      metadata: { name: 'model' },
      spec: { parentRefs: [{ name: 'gateway' }], rules: [{ backendRefs: [{ name: 'model', port: 80, weight: 100 }] }] },
    },
    { rules: [{ backendRefs: [{ name: 'model', port: 80, weight: -1 }] }] },
  ],
  [
    'inferenceservices',
    {
      apiVersion: 'serving.kserve.io/v1beta1',
      kind: 'InferenceService',
      metadata: { name: 'model' },
      spec: { predictor: { model: { modelFormat: { name: 'onnx' }, storageUri: 's3://models/1' } } },
    },
    { predictor: { minReplicas: 'many' } },
  ],
  [
    'rollouts',
    {
      apiVersion: 'argoproj.io/v1alpha1',
      kind: 'Rollout',
      metadata: { name: 'model' },
      spec: { ...deployment('model', 1)['spec'], strategy: { canary: { steps: [{ setWeight: 10 }] } } },
    },
    { replicas: 'many' },
  ],
];

for (const [plural, object, broken] of objects)
  test(`a ${object.kind} can be created, and one that its definition does not allow cannot`, async () => {
    const path = `/apis/${object.apiVersion}/namespaces/${await plane.namespace()}/${plural}`;
    const { metadata } = await admin.must('POST', path, object);
    assert.equal(metadata['generation'], 1);
    const refused = await admin.send('POST', path, {
      ...object,
      metadata: { name: 'broken' },
      spec: { ...object['spec'], ...broken },
    });
    assert.equal(refused.status, 422, JSON.stringify(refused.body));
  });

test('a service account may do what its role says, there, and nothing else', async () => {
  const [own, other] = [await plane.namespace(), await plane.namespace()];
  const rules = [{ apiGroups: [''], resources: ['configmaps'], verbs: ['get', 'create'] }];
  const api = new Api(await serviceAccount(admin, own, 'guard', rules));
  const map: Manifest = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'record' } };
  const statuses = [
    (await api.send('POST', `/api/v1/namespaces/${own}/configmaps`, map)).status,
    (await api.send('GET', `/api/v1/namespaces/${own}/configmaps/record`)).status,
    (await api.send('DELETE', `/api/v1/namespaces/${own}/configmaps/record`)).status,
    (await api.send('GET', `/api/v1/namespaces/${own}/secrets`)).status,
    (await api.send('POST', `/api/v1/namespaces/${other}/configmaps`, map)).status,
  ];
  api.close();
  assert.deepEqual(statuses, [201, 200, 403, 403, 403]);
});

test('all of it runs in less than two gigabytes', (context) => {
  const megabytes = plane.programs.map(({ name, pid }) => {
    const [, resident] = /^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))!;
    context.diagnostic(`${name}: ${Math.round(Number(resident) / 1_024)} MB`);
    return Number(resident) / 1_024;
  });
  assert.equal(megabytes.length, 5);
  assert.ok(megabytes.reduce((sum, each) => sum + each) < 2_048);
});
