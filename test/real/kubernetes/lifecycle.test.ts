import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { type Series, StandingInPrometheus } from '../../fixtures/standing-in-prometheus.ts';
import { startControlPlane } from './control-plane.ts';
import { deployment } from './manifests.ts';
import { type Routing, routings, ServedService } from './served-service.ts';

const plane = await startControlPlane({ pods: true });
after(() => plane[Symbol.asyncDispose]());

for (const routing of ['istio', 'gateway-api'] as const satisfies readonly Routing[]) {
  test(`${routing}: deployed, as a canary, promoted, and taken back: registry, history and the route say the same`, async () => {
    await using served = await ServedService.begin(plane, routing);
    await served.register('1.0.0');
    await served.register('1.1.0');
    await served.must(0, 'deploy', '1.0.0', '-y');
    assert.deepEqual(await served.shares(), { '1.0.0': 100 });
    const plan = await served.must(0, 'deploy', '1.1.0', '--steps', '10', '-y');
    assert.match(plan.errors + plan.output, /nobody counts what 1\.1\.0 answers/);
    assert.deepEqual(await served.shares(), { '1.0.0': 90, '1.1.0': 10 });
    await served.must(0, 'promote', '-y');
    assert.deepEqual(await served.shares(), { '1.1.0': 100 });
    await served.must(0, 'rollback', '--reason', 'worse answers', '-y');
    assert.deepEqual(await served.shares(), { '1.0.0': 100 });
    const again = await served.must(0, 'rollback', '-y');
    assert.match(again.output, /still has 100 %/);
    assert.deepEqual(await weightsOf(served, routing), { 'fraud-1-0-0': 100, 'fraud-1-1-0': 0 });
    const status = await served.status();
    assert.deepEqual([status.pointer, status.operation, status.differences], ['1.0.0', null, []]);
    assert.deepEqual(
      status.quarantined.map(({ version }: { version: string }) => version),
      ['1.1.0'],
    );
    assert.equal((await served.must(0, 'current')).output.trim(), '1.0.0');
    assert.match((await served.must(0, 'history')).output, /1\.1\.0/);
  });
}

test('service-selector: all or nothing; a split is refused before anything moves', async () => {
  await using served = await ServedService.begin(plane, 'service-selector');
  await served.register('1.0.0');
  await served.register('1.1.0');
  await served.must(0, 'deploy', '1.0.0', '-y');
  const refused = await served.must(2, 'deploy', '1.1.0', '--steps', '10', '-y');
  assert.match(refused.errors, /cannot have two versions at once/);
  assert.equal((await served.status()).serving.length, 1);
  await served.must(0, 'deploy', '1.1.0', '-y');
  await served.must(0, 'rollback', '-y');
  assert.deepEqual(await served.shares(), { '1.0.0': 100 });
  const { spec } = await served.get('/api/v1', 'services', 'fraud');
  assert.equal(spec.selector['sofare.dev/version'], '1.0.0');
});

test('a version comes back with the configuration it had, whatever its ConfigMap says by now, also after it was put to rest', async () => {
  await using served = await ServedService.begin(plane, 'istio', { warm: '0s' });
  await served.register('1.0.0');
  await served.register('1.1.0');
  await served.register('1.2.0');
  await served.must(0, 'deploy', '1.0.0', '-y');
  const path = served.path('/api/v1', 'configmaps', 'rules');
  await plane.admin.must('PATCH', path, { data: { RULES: 'edited' } }, 'application/merge-patch+json');
  await served.must(0, 'deploy', '1.1.0', '-y');
  await served.must(0, 'deploy', '1.2.0', '-y');
  assert.equal((await served.deployment('fraud-1-0-0')).spec.replicas, 0, 'it was put to rest');
  assert.equal(await configurationOf(served, 'fraud-1-1-0'), 'edited');
  await served.must(0, 'rollback', '--to', '1.0.0', '-y');
  assert.deepEqual(await served.shares(), { '1.0.0': 100 });
  assert.equal(await configurationOf(served, 'fraud-1-0-0'), 'strict');
  assert.equal((await served.get('/api/v1', 'configmaps', 'rules'))['data'].RULES, 'edited');
});

test('what a person edited in a version is no copy of it, and is put right again when it is woken', async () => {
  await using served = await ServedService.begin(plane, 'istio');
  await served.register('1.0.0');
  await served.register('1.1.0');
  await served.must(0, 'deploy', '1.0.0', '-y');
  await served.must(0, 'deploy', '1.1.0', '-y');
  const given = (await served.deployment('fraud-1-0-0')).spec.template.spec.containers[0].image;
  const patch = [{ op: 'replace', path: '/spec/template/spec/containers/0/image', value: 'somebody/else:latest' }];
  const path = `${served.path('/apis/apps/v1', 'deployments', 'fraud-1-0-0')}?fieldManager=kubectl-edit`;
  await plane.admin.must('PATCH', path, patch, 'application/json-patch+json');
  await plane.admin.until(
    `${served.path('/api/v1', 'pods')}?labelSelector=sofare.dev/version=1.0.0`,
    ({ spec, status }) => spec.containers[0].image === 'somebody/else:latest' && isReady(status),
  );
  await served.must(0, 'rollback', '-y');
  assert.equal((await served.deployment('fraud-1-0-0')).spec.template.spec.containers[0].image, given);
  assert.deepEqual(await served.shares(), { '1.0.0': 100 });
});

test('an autoscaler keeps its number of copies through a deploy of the same version and a rollback', async () => {
  await using served = await ServedService.begin(plane, 'istio', { copies: 2 });
  await served.register('1.0.0');
  await served.register('1.1.0');
  await served.must(0, 'deploy', '1.0.0', '-y');
  const scale = served.path('/apis/apps/v1', 'deployments', 'fraud-1-0-0/scale?fieldManager=kube-controller-manager');
  await plane.admin.must('PATCH', scale, { spec: { replicas: 4 } }, 'application/merge-patch+json');
  await served.must(0, 'deploy', '1.1.0', '--steps', '10', '-y');
  await served.must(0, 'rollback', '-y');
  assert.equal((await served.deployment('fraud-1-0-0')).spec.replicas, 4);
  const status = await served.status();
  assert.equal(status.serving.find(({ version }: { version: string }) => version === '1.0.0').wanted, 4);
});

test('a version that cannot come up moves nothing, and the command says why in words', async () => {
  await using served = await ServedService.begin(plane, 'istio');
  await served.register('1.0.0');
  await served.register('1.1.0', 'unpullable.test/fraud');
  await served.must(0, 'deploy', '1.0.0', '-y');
  const failed = await served.must(7, 'deploy', '1.1.0', '-y');
  assert.match(failed.output + failed.errors, /its image cannot be pulled \(ImagePullBackOff/);
  assert.deepEqual(await served.shares(), { '1.0.0': 100 });
  assert.deepEqual((await served.status()).pointer, '1.0.0');
});

test('a version without an image by digest is refused before anything is written, with what to type next', async () => {
  await using served = await ServedService.begin(plane, 'istio');
  await served.must(0, 'register', '1.0.0', served.local.model('1.0.0'));
  await served.must(0, 'register', '1.1.0', '--image', 'registry.test/fraud:latest');
  for (const version of ['1.0.0', '1.1.0']) {
    const refused = await served.must(4, 'deploy', version, '-y', '--override', 'not-whole');
    assert.match(refused.errors, /no image by digest/);
    assert.match(refused.errors, /sofare register fraud VERSION --image REPOSITORY@sha256:DIGEST/);
  }
  const { items } = await plane.admin.must('GET', served.path('/apis/apps/v1', 'deployments'));
  assert.deepEqual(items, []);
});

test('where nobody counts a guard is refused before anything moves, with what to type instead', async () => {
  await using served = await ServedService.begin(plane, 'istio');
  await served.register('1.0.0');
  await served.register('1.1.0');
  await served.must(0, 'deploy', '1.0.0', '-y');
  const refused = await served.must(11, 'deploy', '1.1.0', '--steps', '10,100', '--every', '1m', '-y');
  assert.match(refused.errors, /no guard can judge it/);
  assert.match(refused.errors, /sofare deploy fraud@1\.1\.0 --steps 10, then\s+sofare promote fraud or sofare abort fraud/);
  assert.deepEqual(await served.shares(), { '1.0.0': 100 });
  await served.must(0, 'deploy', '1.1.0', '--steps', '10', '-y');
  assert.match((await served.must(11, 'guard')).errors, /signals/);
  await served.must(0, 'abort', '-y');
  assert.deepEqual(await served.shares(), { '1.0.0': 100 });
});

test('where a Prometheus counts, a canary in a cluster is judged by it, and a bad one is taken back with its numbers', async () => {
  await using prometheus = new StandingInPrometheus();
  const counters = '{ requests: requests_total, errors: errors_total }';
  const signals = `{ prometheus: { address: "${await prometheus.start()}", every: 1s, ${counters.slice(2, -2)} } }`;
  await using served = await ServedService.begin(plane, 'istio', { more: `    signals: ${signals}\n` });
  await served.register('1.0.0');
  await served.register('1.1.0');
  await served.must(0, 'deploy', '1.0.0', '-y');
  const began = prometheus.now();
  prometheus.series = () => {
    // One scrape a second: what was counted in it is of one moment.
    const at = Math.floor(prometheus.now());
    const counted = (version: string, name: string, perSecond: number): Series => ({
      name,
      labels: { service: 'fraud', version, instance: version },
      value: String(Math.floor((at - began) * perSecond)),
      at,
    });
    return [
      counted('1.0.0', 'requests_total', 900),
      counted('1.0.0', 'errors_total', 1),
      counted('1.1.0', 'requests_total', 100),
      counted('1.1.0', 'errors_total', 30),
    ];
  };
  const ended = await served.must(8, 'deploy', '1.1.0', '--steps', '10,100', '--every', '5m', '-y');
  assert.match(ended.output, /1\.1\.0/);
  assert.deepEqual(await served.shares(), { '1.0.0': 100 });
  const { quarantined, pointer } = await served.status();
  assert.deepEqual([pointer, quarantined.length], ['1.0.0', 1]);
  assert.match(quarantined[0].evidence, /error/);
});

test('two laptops with registries of their own: what one deployed the other sees and takes back, and both know it', async () => {
  await using one = await ServedService.begin(plane, 'istio');
  await using other = ServedService.beside(plane, one.namespace, 'istio');
  for (const version of ['1.0.0', '1.1.0']) await one.register(version);
  await one.must(0, 'deploy', '1.0.0', '-y');
  await one.must(0, 'deploy', '1.1.0', '-y');
  await other.must(0, 'rollback', '--reason', 'pager', '-y');
  for (const laptop of [one, other]) {
    assert.deepEqual(await laptop.shares(), { '1.0.0': 100 });
    await laptop.must(0, 'rollback', '-y');
    assert.deepEqual((await laptop.status()).pointer, '1.0.0');
  }
});

test('pressed by two people at once it is one step, and both are told the same', async () => {
  await using one = await ServedService.begin(plane, 'istio');
  await using other = ServedService.beside(plane, one.namespace, 'istio');
  for (const version of ['1.0.0', '1.1.0', '1.2.0']) await one.register(version);
  for (const version of ['1.0.0', '1.1.0', '1.2.0']) await one.must(0, 'deploy', version, '-y');
  const ended = await Promise.all([one, other].map((laptop) => laptop.local.run(['rollback', '-y'])));
  for (const { code, output, errors } of ended) assert.equal(code, 0, output + errors);
  for (const laptop of [one, other]) assert.deepEqual(await laptop.shares(), { '1.1.0': 100 });
});

test('a name that is somebody else’s is left alone', async () => {
  await using served = await ServedService.begin(plane, 'istio');
  await plane.admin.must('POST', served.path('/apis/apps/v1', 'deployments'), deployment('fraud-1-0-0', 1));
  await served.register('1.0.0');
  const refused = await served.must(4, 'deploy', '1.0.0', '-y');
  assert.match(refused.errors, /is somebody else's/);
  assert.equal((await served.deployment('fraud-1-0-0')).spec.template.spec.containers[0].image, 'model:1');
});

test('without the registry a rollback works from the record in the cluster, and the registry follows', async () => {
  await using served = await ServedService.begin(plane, 'istio');
  for (const version of ['1.0.0', '1.1.0']) await served.register(version);
  for (const version of ['1.0.0', '1.1.0']) await served.must(0, 'deploy', version, '-y');
  const database = join(served.local.directory, '.sofare', 'registry', 'sofare.db');
  const whole = readFileSync(database);
  writeFileSync(database, 'no database');
  const broken = await served.must(0, 'rollback', '-y');
  assert.match(broken.output + broken.errors, /without (?:the|its) registry|break-glass/i);
  writeFileSync(database, whole);
  assert.deepEqual(await served.shares(), { '1.0.0': 100 });
  await served.must(0, 'unhold', '-y');
  assert.equal((await served.must(0, 'current')).output.trim(), '1.0.0');
});

function isReady(status: { readonly conditions?: readonly { type: string; status: string }[] } | undefined): boolean {
  return status?.conditions?.some(({ type, status: holds }) => type === 'Ready' && holds === 'True') === true;
}

/** What the pods of a Deployment find in their ConfigMap. */
async function configurationOf(served: ServedService, name: string): Promise<string> {
  const { spec } = await served.deployment(name);
  const map = spec.template.spec.containers[0].envFrom[0].configMapRef.name;
  const { data, immutable } = await served.get('/api/v1', 'configmaps', map);
  assert.equal(immutable, true);
  return data.RULES;
}

/** Weights by name of the Service, as they stand in the object. */
async function weightsOf(served: ServedService, routing: 'istio' | 'gateway-api'): Promise<Readonly<Record<string, number>>> {
  const { collection, plural, object } = routings[routing];
  const { spec } = await served.get(collection, plural, object.metadata.name);
  const list: readonly { name?: string; weight: number; destination?: { host: string } }[] =
    routing === 'istio' ? spec.http[0].route : spec.rules[0].backendRefs;
  const ours = list.map(({ name, destination, weight }) => [name ?? destination?.host ?? '', weight] as const);
  return Object.fromEntries(ours.filter(([name]) => name.startsWith('fraud-')));
}
