import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { imageOf } from '../../target/sample-versions.ts';
import { startControlPlane } from './control-plane.ts';
import { FaultyProxy } from './faulty-proxy.ts';
import { deployment } from './manifests.ts';
import { isRolledOut } from './rolled-out.ts';
import { serviceAccount } from './service-account.ts';
import { type Routing, ServedService } from './served-service.ts';

const plane = await startControlPlane({ pods: true });
after(() => plane[Symbol.asyncDispose]());

const deployments = '/apis/apps/v1';
const merge = 'application/merge-patch+json';
/** What a person has written once is nobody's who writes again. */
const byAPerson = '?fieldManager=kubectl-edit';

/** Everything is at the revision whose image this is. */
async function rolledOut(served: ServedService, image: string): Promise<void> {
  await plane.admin.until(
    served.path(deployments, 'deployments'),
    (object) => object.spec.template.spec.containers[0].image === image && isRolledOut(object),
  );
}

/** A service that somebody has run for three revisions, by a Deployment and a Service, before sofare. */
async function before(served: ServedService, images: readonly string[]): Promise<void> {
  const [first = '', ...later] = images;
  const made = deployment('before', 2, first);
  const metadata = { ...made.metadata, annotations: { 'kubernetes.io/change-cause': 'the first of all' } };
  await plane.admin.must('POST', `${served.path(deployments, 'deployments')}${byAPerson}`, { ...made, metadata });
  const spec = { selector: { app: 'before' }, ports: [{ port: 8080 }] };
  await plane.admin.must('POST', served.path('/api/v1', 'services'), {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name: 'before' },
    spec,
  });
  await rolledOut(served, first);
  for (const image of later) {
    await plane.admin.must(
      'PATCH',
      `${served.path(deployments, 'deployments', 'before')}${byAPerson}`,
      {
        metadata: { annotations: { 'kubernetes.io/change-cause': `set image ${image}` } },
        spec: { template: { spec: { containers: [{ name: 'model', image, ports: [{ containerPort: 8080 }] }] } } },
      },
      merge,
    );
    await rolledOut(served, image);
  }
}

/** Names of the pods that run, with when they began. */
async function podsOf(served: ServedService): Promise<readonly string[]> {
  const { items } = await plane.admin.must('GET', served.path('/api/v1', 'pods'));
  return items.map(({ metadata }: { metadata: { name: string; uid: string } }) => `${metadata.name} ${metadata.uid}`).toSorted();
}

/** What the program's own door, run in this process, does meanwhile goes by this kubeconfig. */
async function reachedBy(kubeconfig: string, work: () => Promise<void>): Promise<void> {
  const direct = process.env['KUBECONFIG'];
  process.env['KUBECONFIG'] = kubeconfig;
  try {
    await work();
  } finally {
    process.env['KUBECONFIG'] = direct;
  }
}

async function routeTo(served: ServedService, routing: Routing): Promise<void> {
  if (routing === 'service-selector') {
    const spec = { selector: { app: 'before', track: null } };
    await plane.admin.must('PATCH', `${served.path('/api/v1', 'services', 'fraud')}${byAPerson}`, { spec }, merge);
  }
  if (routing === 'istio') {
    const http = [{ name: 'primary', route: [{ destination: { host: 'before' }, weight: 100 }] }];
    await plane.admin.must(
      'PATCH',
      `${served.path('/apis/networking.istio.io/v1', 'virtualservices', 'fraud')}${byAPerson}`,
      { spec: { http } },
      merge,
    );
  }
  if (routing === 'gateway-api') {
    const rules = [{ backendRefs: [{ name: 'before', port: 8080 }] }];
    await plane.admin.must(
      'PATCH',
      `${served.path('/apis/gateway.networking.k8s.io/v1', 'httproutes', 'fraud')}${byAPerson}`,
      { spec: { rules } },
      merge,
    );
  }
}

for (const routing of ['istio', 'gateway-api', 'service-selector'] as const satisfies readonly Routing[]) {
  test(`${routing}: what ran before is adopted with its revisions; nothing that runs is touched, and it can be taken back`, async () => {
    await using served = await ServedService.begin(plane, routing, { warm: '0s' });
    await before(served, [imageOf('1.0.0'), 'registry.test/fraud:1.1.0']);
    await routeTo(served, routing);
    const pods = await podsOf(served);
    const { output } = await served.must(0, 'adopt', '1.1.0', '--deployment', 'before', '--revision', '1=1.0.0', '-y');
    assert.match(output, /1\.1\.0 is in the history of fraud as imported; nothing was moved/);
    assert.match(output, /revision 1 was 1\.0\.0 \(sha256:312e302e302e\)/);
    assert.match(output, /revision 2 serves as 1\.1\.0 \(sha256:[0-9a-f]{12}\)/);
    assert.doesNotMatch(output, /writes Deployment before too/);
    assert.deepEqual(await podsOf(served), pods);
    assert.deepEqual(await served.shares(), { '1.1.0': 100 });
    const { differences, pointer } = await served.status();
    assert.deepEqual([pointer, differences], ['1.1.0', []]);
    const told = (await served.must(0, 'history')).output;
    assert.match(told, /revision 1: the first of all/);

    const again = await served.must(0, 'adopt', '1.1.0', '--deployment', 'before', '--revision', '1=1.0.0', '-y');
    assert.match(again.output, /was in production of fraud already/);

    await served.must(0, 'rollback', '--reason', 'worse answers', '-y');
    assert.deepEqual(await served.shares(), { '1.0.0': 100 });
    const back = await served.deployment('fraud-1-0-0');
    assert.deepEqual(
      [back.spec.template.spec.containers[0].image, back.spec.template.metadata.labels.app],
      [imageOf('1.0.0'), 'fraud'],
    );
    // Its copies have gone to rest, and come back as they were, now by the digest.
    await served.must(0, 'resume', '--due');
    assert.equal((await served.deployment('before')).spec.replicas, 0);
    await served.must(0, 'unhold');
    await served.must(0, 'unquarantine', '1.1.0');
    await served.must(0, 'deploy', '1.1.0', '-y');
    assert.deepEqual(await served.shares(), { '1.1.0': 100 });
    const before2 = await served.deployment('before');
    assert.match(before2.spec.template.spec.containers[0].image, /^registry\.test\/fraud@sha256:/);
    assert.equal(before2.spec.replicas, 1);
  });
}

test('a version whose pods the Service of before would take for its own is refused, at the adoption and at every later deploy', async () => {
  await using served = await ServedService.begin(plane, 'istio');
  await before(served, [imageOf('1.0.0')]);
  await routeTo(served, 'istio');
  const manifest = join(served.local.directory, 'deployment.yaml');
  const apart = readFileSync(manifest, 'utf8');
  const taken = apart.replace('app: fraud', 'app: before');
  writeFileSync(manifest, taken);
  const { errors } = await served.must(4, 'adopt', '1.0.0', '--deployment', 'before', '-y');
  assert.match(errors, /Service before finds its pods by app=before/);
  assert.deepEqual((await served.deployment('before')).metadata['labels'], { app: 'before' });

  writeFileSync(manifest, apart);
  await served.must(0, 'adopt', '1.0.0', '--deployment', 'before', '-y');
  await served.register('1.1.0');
  writeFileSync(manifest, taken);
  const deploy = await served.run('deploy', '1.1.0', '-y');
  assert.match(deploy.errors + deploy.output, /Service before finds its pods by app=before/);
  assert.notEqual(deploy.code, 0);
  assert.deepEqual(await served.shares(), { '1.0.0': 100 });
  const { items } = await plane.admin.must('GET', served.path('/api/v1', 'pods'));
  assert.equal(items.length, 2);
});

test('where requests go to something else, or a rollout is on its way, nothing is adopted', async () => {
  await using served = await ServedService.begin(plane, 'istio');
  await before(served, [imageOf('1.0.0')]);
  const elsewhere = await served.must(4, 'adopt', '1.0.0', '--deployment', 'before', '-y');
  assert.match(elsewhere.errors, /that leads to nothing-yet; its pods are found by Service before/);
  await routeTo(served, 'istio');
  await plane.admin.must(
    'PATCH',
    served.path(deployments, 'deployments', 'before'),
    { spec: { template: { spec: { containers: [{ name: 'model', image: imageOf('1.1.0', 'unpullable.test/fraud') }] } } } },
    merge,
  );
  const moving = await served.must(7, 'adopt', '1.1.0', '--deployment', 'before', '-y');
  assert.match(moving.errors, /the rollout of Deployment before is not over/);
  assert.deepEqual((await served.deployment('before')).metadata['labels'], { app: 'before' });
});

test('an adoption that was cut short at any of its writes is done by the same command', async () => {
  await using served = await ServedService.begin(plane, 'istio');
  await before(served, [imageOf('1.0.0'), imageOf('1.1.0')]);
  await routeTo(served, 'istio');
  await using proxy = new FaultyProxy(plane.admin.access, plane.serving);
  const adoption = ['adopt', '1.1.0', '--deployment', 'before', '--revision', '1=1.0.0', '-y'] as const;
  await reachedBy(plane.kubeconfig(await proxy.start(), served.namespace), async () => {
    // The Deployment of the version before, the marks on the one that serves, those on its Service.
    for (const path of [/deployments\/fraud-1-0-0/, /deployments\/before/, /services\/before/]) {
      const failing = proxy.fail({ method: 'PATCH', path, nth: 1, fault: 'reset after the effect' });
      assert.notEqual((await served.run(...adoption)).code, 0);
      await failing.happened;
    }
  });
  await served.must(0, ...adoption);
  assert.deepEqual(await served.shares(), { '1.1.0': 100 });
  await served.must(0, 'rollback', '-y');
  assert.deepEqual(await served.shares(), { '1.0.0': 100 });
});

test('what was adopted is the stable version of a canary, beside which an image that somebody sets by hand is seen; who else writes it is named', async () => {
  await using served = await ServedService.begin(plane, 'istio');
  await before(served, [imageOf('1.0.0')]);
  await routeTo(served, 'istio');
  const owned = { metadata: { labels: { 'argocd.argoproj.io/instance': 'shop' } } };
  await plane.admin.must('PATCH', served.path(deployments, 'deployments', 'before'), owned, merge);
  const told = await served.must(0, 'adopt', '1.0.0', '--deployment', 'before', '-o', 'json', '-y');
  const [writer] = JSON.parse(told.output).writers;
  assert.deepEqual([writer.called, writer.pause], ['Argo CD (application shop)', 'argocd app set shop --sync-policy none']);
  await served.register('1.1.0');
  await served.must(0, 'deploy', '1.1.0', '--steps', '10', '-y');
  assert.deepEqual(await served.shares(), { '1.0.0': 90, '1.1.0': 10 });
  await served.must(0, 'abort', '-y');
  assert.deepEqual(await served.shares(), { '1.0.0': 100 });
  const { metadata } = await served.get('/api/v1', 'services', 'before');
  assert.equal((metadata['annotations'] as Record<string, string>)['sofare.dev/version'], '1.0.0');
  const other = imageOf('by hand');
  await plane.admin.must(
    'PATCH',
    served.path(deployments, 'deployments', 'before'),
    { spec: { template: { spec: { containers: [{ name: 'model', image: other }] } } } },
    merge,
  );
  await rolledOut(served, other);
  const { serving } = await served.status();
  const seen = serving.find(({ version }: { version: string }) => version === '1.0.0');
  assert.equal(seen.ready, 0);
});

test('where versions are subsets of one host, pods of later ones must not be in the subset of what ran before', async () => {
  await using served = await ServedService.begin(plane, 'istio');
  await before(served, [imageOf('1.0.0'), imageOf('1.1.0')]);
  const istio = '/apis/networking.istio.io/v1';
  await plane.admin.must('POST', `${served.path(istio, 'destinationrules')}${byAPerson}`, {
    apiVersion: 'networking.istio.io/v1',
    kind: 'DestinationRule',
    metadata: { name: 'fraud' },
    spec: { host: 'before', subsets: [{ name: 'now', labels: { app: 'before' } }] },
  });
  const http = [{ name: 'primary', route: [{ destination: { host: 'before', subset: 'now' } }] }];
  await plane.admin.must('PATCH', `${served.path(istio, 'virtualservices', 'fraud')}${byAPerson}`, { spec: { http } }, merge);
  const [configuration, manifest] = ['sofare.yaml', 'deployment.yaml'].map((file) => join(served.local.directory, file)) as [
    string,
    string,
  ];
  const apart = readFileSync(manifest, 'utf8');
  writeFileSync(
    configuration,
    readFileSync(configuration, 'utf8').replace('virtualService: fraud', 'virtualService: fraud, destinationRule: fraud'),
  );
  writeFileSync(manifest, apart.replace('app: fraud', 'app: before'));
  const adoption = ['adopt', '1.1.0', '--deployment', 'before', '--revision', '1=1.0.0', '-y'] as const;
  const { errors } = await served.must(4, ...adoption);
  assert.match(errors, /subset now of DestinationRule fraud finds its pods by app=before/);
  writeFileSync(manifest, apart);
  await served.must(0, ...adoption);
  assert.deepEqual(await served.shares(), { '1.1.0': 100 });
  await served.must(0, 'rollback', '-y');
  const { spec } = await served.get(istio, 'virtualservices', 'fraud');
  assert.deepEqual(
    spec.http[0].route.map(({ destination, weight }: { destination: { subset: string }; weight: number }) => [
      destination.subset,
      weight,
    ]),
    [
      ['now', 0],
      ['fraud-1-0-0', 100],
    ],
  );
});

test('an adoption and the rollback after it need no verb that the page does not name', async () => {
  await using served = await ServedService.begin(plane, 'istio');
  await before(served, [imageOf('1.0.0'), imageOf('1.1.0')]);
  await routeTo(served, 'istio');
  const may = (apiGroups: string, resources: readonly string[], verbs: string) => ({
    apiGroups: [apiGroups],
    resources: [...resources],
    verbs: verbs.split(' '),
  });
  const access = await serviceAccount(plane.admin, served.namespace, 'adopts', [
    may('apps', ['deployments'], 'get list watch create patch delete'),
    may('apps', ['replicasets'], 'list'),
    may('', ['pods'], 'get list watch'),
    may('', ['services'], 'get list watch create patch'),
    may('', ['configmaps'], 'get list watch create update delete'),
    may('discovery.k8s.io', ['endpointslices'], 'get list watch'),
    may('networking.istio.io', ['virtualservices'], 'get patch'),
  ]);
  await reachedBy(plane.kubeconfig(access, served.namespace), async () => {
    await served.must(0, 'adopt', '1.1.0', '--deployment', 'before', '--revision', '1=1.0.0', '-y');
    await served.must(0, 'rollback', '-y');
    assert.deepEqual(await served.shares(), { '1.0.0': 100 });
  });
});
