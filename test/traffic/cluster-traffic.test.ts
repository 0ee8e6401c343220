import assert from 'node:assert/strict';
import { test } from 'node:test';
import { objectKinds } from '../../src/adapters/kit/kubernetes/object-kinds.ts';
import { systemClock } from '../../src/adapters/system/clock.ts';
import { gatewayTraffic } from '../../src/adapters/traffic/gateway-api.ts';
import { istioTraffic } from '../../src/adapters/traffic/istio.ts';
import { selectorTraffic } from '../../src/adapters/traffic/service-selector.ts';
import { type Problem, ProblemError } from '../../src/model/errors.ts';
import type { Traffic } from '../../src/ports/traffic.ts';
import { fakeService } from '../fixtures/fake-engine.ts';
import { InMemoryCluster } from './in-memory-cluster.ts';

const { signal } = new AbortController();
const service = { ...fakeService, name: 'fraud' };
const { virtualService, httpRoute, destinationRule, service: services } = objectKinds;

interface Case {
  readonly cluster: InMemoryCluster;
  readonly traffic: Traffic;
}

const kinds = {
  'istio': (): Case => {
    const cluster = withVersions();
    cluster.put(virtualService, 'fraud', {
      spec: { hosts: ['fraud'], http: [{ name: 'primary', route: [{ destination: { host: 'fraud-1-0-0' } }] }] },
    });
    const options = { kind: 'istio', virtualService: 'fraud', routes: null, destinationRule: null, address: null } as const;
    return { cluster, traffic: istioTraffic(service, options, cluster.client, systemClock) };
  },
  'istio with subsets': (): Case => {
    const cluster = withVersions();
    cluster.put(virtualService, 'fraud', {
      spec: { hosts: ['fraud'], http: [{ name: 'primary', route: [{ destination: { host: 'fraud', subset: 'stable' } }] }] },
    });
    cluster.put(destinationRule, 'fraud', {
      spec: { host: 'fraud', subsets: [{ name: 'stable', labels: { 'sofare.dev/version': '1.0.0' } }] },
    });
    const options = {
      kind: 'istio',
      virtualService: 'fraud',
      routes: ['primary'],
      destinationRule: 'fraud',
      address: null,
    } as const;
    return { cluster, traffic: istioTraffic(service, options, cluster.client, systemClock) };
  },
  'gateway-api': (): Case => {
    const cluster = withVersions();
    cluster.put(httpRoute, 'fraud', { spec: { rules: [{ backendRefs: [{ name: 'fraud-1-0-0', port: 8080, weight: 1 }] }] } });
    const options = { kind: 'gateway-api', route: 'fraud', routes: null, address: null } as const;
    return { cluster, traffic: gatewayTraffic(service, options, cluster.client, systemClock) };
  },
  'service-selector': (): Case => {
    const cluster = withVersions();
    cluster.put(services, 'fraud', {
      spec: { selector: { 'app': 'fraud', 'sofare.dev/version': '1.0.0' }, ports: [{ port: 80 }] },
    });
    cluster.endpoints('fraud', ['fraud-1-0-0-a']);
    const options = { kind: 'service-selector', service: 'fraud', address: null } as const;
    // The controller of endpoints follows a little later.
    cluster.meanwhile = () => {
      const { selector } = cluster.get(services, 'fraud')['spec'] as { selector: Record<string, string> };
      cluster.endpoints('fraud', [`fraud-${selector['sofare.dev/version']?.replaceAll('.', '-')}-a`]);
    };
    return { cluster, traffic: selectorTraffic(service, options, cluster.client, systemClock) };
  },
} as const;

for (const [kind, make] of Object.entries(kinds)) {
  const shared = kind === 'gateway-api' ? httpRoute : kind === 'service-selector' ? services : virtualService;

  test(`${kind}: between a look and the write somebody edits the object: nothing is written, and a second try sees the edit`, async () => {
    const { cluster, traffic } = make();
    assert.deepEqual((await traffic.read(signal)).weights, { '1.0.0': 100 });
    cluster.before = (changed) => {
      if (changed !== shared.kind) return;
      cluster.before = () => {};
      const { spec, metadata } = cluster.get(shared, 'fraud');
      cluster.put(shared, 'fraud', { spec, metadata: { ...metadata, labels: { edited: 'yes' } } });
    };
    const problem = await refusal(traffic.write({ '1.1.0': 100 }, 'op/1', 2, signal));
    assert.equal(problem.code, 'target.changed');
    assert.equal(problem.touched, 'no');
    await traffic.write({ '1.1.0': 100 }, 'op/1', 2, signal);
    assert.deepEqual((await traffic.read(signal)).weights, { '1.1.0': 100 });
    assert.equal(cluster.get(shared, 'fraud').metadata.labels?.['edited'], 'yes');
  });

  test(`${kind}: an object that was deleted and made again is another one`, async () => {
    const { cluster, traffic } = make();
    await traffic.write({ '1.0.0': 100 }, 'op/0', 1, signal);
    await traffic.read(signal);
    const { spec, metadata } = cluster.get(shared, 'fraud');
    cluster.forget(shared, 'fraud');
    cluster.put(shared, 'fraud', { spec, metadata: { annotations: metadata.annotations } });
    assert.equal((await refusal(traffic.write({ '1.1.0': 100 }, 'op/1', 1, signal))).code, 'target.changed');
    assert.deepEqual((await traffic.read(signal)).weights, { '1.0.0': 100 });
  });

  test(`${kind}: an answer that is lost says so, and what came of the write is read`, async () => {
    const { cluster, traffic } = make();
    cluster.loses = (changed) => changed === shared.kind;
    const problem = await refusal(traffic.write({ '1.1.0': 100 }, 'op/1', 1, signal));
    assert.deepEqual([problem.code, problem.touched], ['outcome.unknown', 'unknown']);
    cluster.loses = () => false;
    cluster.meanwhile();
    assert.deepEqual((await traffic.read(signal)).weights, { '1.1.0': 100 });
  });

  test(`${kind}: two that counted to the same fence: the second to write is refused`, async () => {
    const { traffic } = make();
    await traffic.write({ '1.1.0': 100 }, 'mine/1', 4, signal);
    assert.equal((await refusal(traffic.write({ '1.0.0': 100 }, 'yours/1', 4, signal))).code, 'superseded');
    assert.deepEqual((await traffic.read(signal)).weights, { '1.1.0': 100 });
  });

  test(`${kind}: without the object nothing is made up`, async () => {
    const { cluster, traffic } = make();
    cluster.forget(shared, 'fraud');
    assert.equal((await refusal(traffic.read(signal))).code, 'target.missing');
  });
}

test('service-selector: while endpoints still hold pods of the old version the weights are not reached', async () => {
  const { cluster, traffic } = kinds['service-selector']();
  const follow = cluster.meanwhile;
  let waited = 0;
  cluster.meanwhile = () => {
    waited += 1;
    if (waited === 1) cluster.endpoints('fraud', ['fraud-1-0-0-a', 'fraud-1-1-0-a']);
    else follow();
  };
  const written = traffic.write({ '1.1.0': 100 }, 'op/1', 1, signal);
  await written;
  assert.equal(waited, 2);
  cluster.endpoints('fraud', ['fraud-1-0-0-a', 'fraud-1-1-0-a']);
  const read = await traffic.read(signal);
  assert.deepEqual(read.weights, { '1.1.0': 100 });
  assert.deepEqual(read.besides, ['the endpoints of Service fraud still hold fraud-1-0-0-a']);
});

test('service-selector: what of the selector does not hold for the pods of the version is not kept', async () => {
  const { cluster, traffic } = kinds['service-selector']();
  cluster.put(services, 'fraud', { spec: { selector: { app: 'fraud', version: 'blue' }, ports: [{ port: 80 }] } });
  assert.deepEqual((await traffic.read(signal)).weights, { 'app=fraud,version=blue': 100 });
  await traffic.write({ '1.1.0': 100 }, 'op/1', 1, signal);
  assert.deepEqual(cluster.get(services, 'fraud')['spec'], {
    selector: { 'app': 'fraud', 'sofare.dev/service': 'fraud', 'sofare.dev/version': '1.1.0' },
    ports: [{ port: 80 }],
  });
});

test('istio with subsets: the subset is there before a route leads to it', async () => {
  const { cluster, traffic } = kinds['istio with subsets']();
  await traffic.write({ '1.0.0': 90, '1.1.0': 10 }, 'op/1', 1, signal);
  assert.deepEqual(
    cluster.patches.map(({ operations }) => operations.find(({ op }) => op === 'add')?.path),
    ['/spec/subsets/-', '/spec/http/0/route/0/weight'],
  );
  assert.deepEqual((cluster.get(virtualService, 'fraud')['spec'] as { http: unknown }).http, [
    {
      name: 'primary',
      route: [
        { destination: { host: 'fraud', subset: 'stable' }, weight: 90 },
        { destination: { host: 'fraud', subset: 'fraud-1-1-0' }, weight: 10 },
      ],
    },
  ]);
});

test('a destination that was added for a version is taken away when the version sleeps, and added again when it is back', async () => {
  const { cluster, traffic } = kinds['gateway-api']();
  const backends = (): unknown =>
    (cluster.get(httpRoute, 'fraud')['spec'] as { rules: readonly { backendRefs: unknown }[] }).rules[0]?.backendRefs;
  await traffic.write({ '1.1.0': 100 }, 'op/1', 1, signal);
  await traffic.write({ '1.0.0': 100 }, 'op/2', 1, signal);
  assert.deepEqual(backends(), [
    { name: 'fraud-1-0-0', port: 8080, weight: 100 },
    { name: 'fraud-1-1-0', port: 8080, weight: 0 },
  ]);
  cluster.run('1.1.0', 'fraud-1-1-0', 0);
  await traffic.write({ '1.0.0': 100 }, 'op/3', 1, signal);
  assert.deepEqual(backends(), [{ name: 'fraud-1-0-0', port: 8080, weight: 100 }]);
  cluster.run('1.1.0', 'fraud-1-1-0');
  await traffic.write({ '1.0.0': 99.5, '1.1.0': 0.5 }, 'op/4', 1, signal);
  assert.deepEqual(backends(), [
    { name: 'fraud-1-0-0', port: 8080, weight: 995 },
    { name: 'fraud-1-1-0', port: 8080, weight: 5 },
  ]);
});

test('two services that one object routes count their own fences, and neither touches the rule of the other', async () => {
  const { cluster, traffic } = kinds.istio();
  const rule = (name: string, host: string) => ({ name, route: [{ destination: { host } }] });
  cluster.put(virtualService, 'fraud', { spec: { http: [rule('fraud', 'fraud-1-0-0'), rule('churn', 'churn-3-0-0')] } });
  cluster.run('3.1.0', 'churn-3-1-0', 1, 'churn');
  cluster.run('3.0.0', 'churn-3-0-0', 1, 'churn');
  const options = { kind: 'istio', virtualService: 'fraud', routes: null, destinationRule: null, address: null } as const;
  const churn = istioTraffic({ ...service, name: 'churn' }, options, cluster.client, systemClock);
  await traffic.write({ '1.1.0': 100 }, 'op/1', 9, signal);
  await churn.write({ '3.1.0': 100 }, 'other/1', 2, signal);
  await traffic.write({ '1.0.0': 100 }, 'op/2', 9, signal);
  const [one, two] = [await traffic.read(signal), await churn.read(signal)];
  assert.deepEqual([one.weights, one.fence], [{ '1.0.0': 100 }, 9]);
  assert.deepEqual([two.weights, two.fence], [{ '3.1.0': 100 }, 2]);
});

test('where no rule leads to a version and there are several, it is said which there are', async () => {
  const { cluster, traffic } = kinds.istio();
  const route = [{ destination: { host: 'elsewhere' } }];
  cluster.put(virtualService, 'fraud', {
    spec: {
      http: [
        { name: 'one', route },
        { name: 'two', route },
      ],
    },
  });
  const problem = await refusal(traffic.read(signal));
  assert.equal(problem.code, 'target.missing');
  assert.match(problem.why, /one, two/);
});

function withVersions(): InMemoryCluster {
  const cluster = new InMemoryCluster();
  cluster.run('1.0.0', 'fraud-1-0-0');
  cluster.run('1.1.0', 'fraud-1-1-0');
  cluster.run('2.0.0', 'fraud-2-0-0', 0);
  return cluster;
}

async function refusal(work: Promise<unknown>): Promise<Problem> {
  const error = await work.then(
    () => null,
    (each: unknown) => each,
  );
  assert.ok(error instanceof ProblemError, `nothing was refused: ${String(error)}`);
  return error.problem;
}
