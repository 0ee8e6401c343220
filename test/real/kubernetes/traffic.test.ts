import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { type ClusterClient, clusterClient } from '../../../src/adapters/kit/kubernetes/cluster-client.ts';
import { systemClock } from '../../../src/adapters/system/clock.ts';
import { gatewayTraffic } from '../../../src/adapters/traffic/gateway-api.ts';
import { istioTraffic } from '../../../src/adapters/traffic/istio.ts';
import { selectorTraffic } from '../../../src/adapters/traffic/service-selector.ts';
import { type Problem, ProblemError } from '../../../src/model/errors.ts';
import type { Traffic } from '../../../src/ports/traffic.ts';
import { type Routed, trafficContract } from '../../contract/traffic-contract.ts';
import { fakeService } from '../../fixtures/fake-engine.ts';
import type { Access, Api, Manifest } from './api.ts';
import { type ControlPlane, startControlPlane } from './control-plane.ts';
import type { Rule } from './faults.ts';
import { FaultyProxy } from './faulty-proxy.ts';
import { pathOf, runVersions, sharedObjects, versionNames, versionsBehind } from './traffic-objects.ts';

const { signal } = new AbortController();
const service = { ...fakeService, name: 'fraud' };
let plane: ControlPlane;
let admin: Api;
let namespace: string;
const clients: ClusterClient[] = [];

before(async () => {
  plane = await startControlPlane({ pods: true });
  ({ admin } = plane);
  namespace = await plane.namespace();
  await runVersions(admin, namespace);
});

after(async () => {
  for (const client of clients) client.close();
  await plane[Symbol.asyncDispose]();
});

function client(access?: Access): ClusterClient {
  const made = clusterClient({ context: null, namespace, kubeconfig: plane.kubeconfig(access, namespace) }, systemClock);
  clients.push(made);
  return made;
}

let count = 0;

interface Kind {
  /** The object whose weights or selector are written. */
  readonly object: string;
  make(name: string): readonly Manifest[];
  traffic(name: string, cluster: ClusterClient): Traffic;
  /** The versions that get requests by the object as it stands. */
  reached(object: Manifest): Promise<readonly string[]>;
}

const byName = (names: readonly string[]): Promise<readonly string[]> => versionsBehind(admin, namespace, names);

const kinds: Readonly<Record<string, Kind>> = {
  'istio': {
    object: 'VirtualService',
    make: (name) => [sharedObjects.virtualService(name)],
    traffic: (virtualService, cluster) =>
      istioTraffic(
        service,
        { kind: 'istio', virtualService, routes: null, destinationRule: null, address: null },
        cluster,
        systemClock,
      ),
    reached: ({ spec }) =>
      byName(spec.http.flatMap(({ route = [] }: Rules) => leading(route).map(({ destination }) => destination.host))),
  },
  'istio with subsets': {
    object: 'VirtualService',
    make: (name) => sharedObjects.subsets(name),
    traffic: (virtualService, cluster) =>
      istioTraffic(
        service,
        { kind: 'istio', virtualService, routes: null, destinationRule: virtualService, address: null },
        cluster,
        systemClock,
      ),
    reached: async ({ spec, metadata }) => {
      const rule = await admin.must('GET', pathOf('DestinationRule', namespace, metadata.name));
      const labels: readonly string[] = spec.http.flatMap(({ route = [] }: Rules) =>
        leading(route).map(
          ({ destination }) =>
            rule['spec'].subsets.find(({ name }: { name: string }) => name === destination.subset).labels['sofare.dev/version'],
        ),
      );
      return byName(labels.map((label) => versionNames[label] ?? label));
    },
  },
  'gateway-api': {
    object: 'HTTPRoute',
    make: (name) => [sharedObjects.httpRoute(name)],
    traffic: (route, cluster) =>
      gatewayTraffic(service, { kind: 'gateway-api', route, routes: null, address: null }, cluster, systemClock),
    reached: ({ spec }) =>
      byName(
        spec.rules.flatMap(({ backendRefs }: { backendRefs: readonly { name: string; weight: number }[] }) =>
          backendRefs.filter(({ weight }) => weight > 0).map(({ name }) => name),
        ),
      ),
  },
  'service-selector': {
    object: 'Service',
    make: (name) => [sharedObjects.service(name)],
    traffic: (name, cluster) =>
      selectorTraffic(service, { kind: 'service-selector', service: name, address: null }, cluster, systemClock),
    reached: ({ metadata }) => byName([metadata.name]),
  },
};

interface Rules {
  readonly route?: readonly HttpDestination[];
}

interface HttpDestination {
  readonly destination: { readonly host: string; readonly subset?: string };
  readonly weight?: number;
}

/** Destinations that get requests: a single one gets all. */
function leading(route: readonly HttpDestination[]): readonly HttpDestination[] {
  return route.filter(({ weight = 0 }) => route.length === 1 || weight > 0);
}

interface Shared {
  readonly name: string;
  readonly object: () => Promise<Manifest>;
  readonly traffic: Traffic;
}

/** A shared object of its own for one test, with the adapter for it. */
async function shared(kind: Kind, access?: Access): Promise<Shared> {
  count += 1;
  const name = `fraud-traffic-${count}`;
  for (const manifest of kind.make(name)) await admin.must('POST', pathOf(manifest.kind, namespace), manifest);
  return {
    name,
    object: () => admin.must('GET', pathOf(kind.object, namespace, name)),
    traffic: kind.traffic(name, client(access)),
  };
}

for (const [name, kind] of Object.entries(kinds)) {
  trafficContract(name, async (): Promise<Routed> => {
    const { traffic, object } = await shared(kind);
    return { traffic, reached: async () => kind.reached(await object()), [Symbol.asyncDispose]: async () => {} };
  });

  test(`${name}: all that is not weight, selector or mark of ours is as its owner wrote it`, async () => {
    const { traffic, object } = await shared(kind);
    const original = await object();
    await traffic.write({ '1.1.0': 100 }, 'op/1', 1, signal);
    await traffic.write({ '1.0.0': 100 }, 'op/2', 1, signal);
    assert.deepEqual(withoutShares(await object()), withoutShares(original));
  });

  const faults: readonly (readonly [string, Rule['fault'], string, string])[] = [
    ['never arrives', 'reset before the effect', 'outcome.unknown', 'before'],
    ['is done and its answer is lost', 'reset after the effect', 'outcome.unknown', 'after'],
    ['is done and its answer is cut off', 'reset in the body', 'outcome.unknown', 'after'],
    ['is answered with 500', { status: 500 }, 'outcome.unknown', 'before'],
    ['meets a conflict', { status: 409 }, 'target.changed', 'before'],
    ['is no longer allowed', { status: 403 }, 'target.denied', 'before'],
    ['is refused by a webhook', { status: 422, message: 'admission webhook "x" denied the request' }, 'target.refused', 'before'],
  ];
  for (const [what, fault, code, landed] of faults) {
    test(`${name}: a patch that ${what} is ${code}, and the next look says what is true`, async () => {
      await using proxy = new FaultyProxy(admin.access, plane.serving);
      const { traffic, name: object } = await shared(kind, await proxy.start());
      await traffic.write({ '1.0.0': 100 }, 'op/0', 1, signal);
      proxy.fail({
        method: 'PATCH',
        path: new RegExp(`/${object}\\?`),
        fault,
        ...(name === 'istio with subsets' && landed === 'after' ? { nth: 2 } : {}),
      });
      const problem = await refusal(traffic.write({ '1.1.0': 100 }, 'op/1', 2, signal));
      assert.equal(problem.code, code);
      assert.equal(problem.touched, code === 'outcome.unknown' ? 'unknown' : 'no');
      const read = await traffic.read(signal);
      assert.deepEqual(positive(read.weights), landed === 'after' ? { '1.1.0': 100 } : { '1.0.0': 100 });
      await traffic.write({ '1.1.0': 100 }, 'op/1', 2, signal);
      assert.deepEqual(positive((await traffic.read(signal)).weights), { '1.1.0': 100 });
    });
  }

  test(`${name}: a server that asks to be left alone is left alone, and the write is done`, async () => {
    await using proxy = new FaultyProxy(admin.access, plane.serving);
    const { traffic, name: object } = await shared(kind, await proxy.start());
    proxy.fail({ method: 'PATCH', path: new RegExp(`/${object}\\?`), fault: { status: 429, retryAfter: 1 } });
    await traffic.write({ '1.1.0': 100 }, 'op/1', 1, signal);
    assert.deepEqual(positive((await traffic.read(signal)).weights), { '1.1.0': 100 });
  });

  test(`${name}: somebody who edits a label in the same moment is not in the way, and loses nothing`, async () => {
    await using proxy = new FaultyProxy(admin.access, plane.serving);
    const { traffic, name: object, object: now } = await shared(kind, await proxy.start());
    await traffic.write({ '1.0.0': 100 }, 'op/0', 1, signal);
    const edit = { metadata: { labels: { edited: 'meanwhile' } } };
    const path = pathOf(kind.object, namespace, object);
    proxy.fail({
      method: 'PATCH',
      path: new RegExp(`${path}\\?`),
      fault: { first: () => admin.must('PATCH', path, edit, 'application/merge-patch+json') },
    });
    await traffic.write({ '1.1.0': 100 }, 'op/1', 1, signal);
    assert.deepEqual((await now()).metadata['labels'], { edited: 'meanwhile' });
    assert.deepEqual(positive((await traffic.read(signal)).weights), { '1.1.0': 100 });
  });
}

function withoutShares(object: Manifest): unknown {
  const { metadata, spec, kind } = structuredClone(object);
  const annotations = Object.entries((metadata['annotations'] ?? {}) as object).filter(([name]) => !name.includes('sofare.dev/'));
  if (kind === 'Service') delete spec.selector;
  for (const { route = [] } of spec.http ?? []) forgetAdded(route, ({ destination }: HttpDestination) => destination.host);
  for (const { backendRefs = [] } of spec.rules ?? []) forgetAdded(backendRefs, ({ name }: { name: string }) => name);
  return { labels: metadata['labels'], annotations, spec };
}

/** Without weights, and without the destination of 1.1.0, which only a write of ours adds. */
// biome-ignore lint/suspicious/noExplicitAny: destinations of two kinds.
function forgetAdded(list: any[], nameOf: (each: any) => string): void {
  for (const each of list) delete each.weight;
  const added = list.findIndex((each) => nameOf(each) === 'fraud-1-1-0' || each.destination?.subset === 'fraud-1-1-0');
  if (added >= 0) list.splice(added, 1);
}

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
