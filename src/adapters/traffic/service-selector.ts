import { fail } from '../../model/errors.ts';
import type { SelectorTraffic, Service } from '../../model/service.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Traffic } from '../../ports/traffic.ts';
import type { ClusterClient } from '../kit/kubernetes/cluster-client.ts';
import type { KubernetesObject } from '../kit/kubernetes/kubernetes-object.ts';
import { selectorText } from '../kit/kubernetes/labels.ts';
import { objectKinds } from '../kit/kubernetes/object-kinds.ts';
import { writersOf } from '../kit/kubernetes/writers.ts';
import { type DeploymentPlace, deploymentPlaces } from './deployment-places.ts';
import { marksOf, requireTurn, sameObject, sharedFence } from './marked-object.ts';
import { selectedWeights, selectVersion } from './selector-patch.ts';
import { endpointsOf } from './service-places.ts';
import { changedMeanwhile, noSuchObject, requireReady, requireShares } from './traffic-problems.ts';

interface Seen {
  readonly object: KubernetesObject;
  readonly places: readonly DeploymentPlace[];
}

/** How long the endpoints may take to follow a selector before that is called a fault. */
const endpointsWithin = 20_000;
const lookIsGoodFor = 500;

/** Blue-green by the selector of the Service that clients reach: one version has everything. */
export function selectorTraffic(
  { name: service }: Service,
  traffic: SelectorTraffic,
  cluster: ClusterClient,
  clock: Clock,
): Traffic {
  const { service: name, address } = traffic;
  const { service: kind } = objectKinds;
  let last: { readonly seen: Seen; readonly at: number } | null = null;
  const look = async (signal: AbortSignal): Promise<Seen> => {
    const [object, places] = await Promise.all([cluster.get(kind, name, signal), deploymentPlaces(service, cluster, signal)]);
    if (object === null) return noSuchObject(kind.kind, name, cluster.namespace);
    last = { seen: { object, places }, at: clock.monotonic() };
    return last.seen;
  };
  return {
    can: { fence: true, alone: false, weights: false, counts: false },
    read: async (signal) => {
      const { object, places } = await look(signal);
      const weights = selectedWeights(object, places);
      const place = places.find(({ version }) => weights[version] === 100);
      const { strangers } = place ? await endpoints(name, place, cluster, signal) : { strangers: [] };
      return {
        fence: sharedFence(object, service),
        weights,
        address,
        besides: strangers.length === 0 ? [] : [`the endpoints of Service ${name} still hold ${strangers.join(', ')}`],
        writers: writersOf(object),
      };
    },
    write: async (weights, key, fence, signal) => {
      requireShares(service, weights);
      const { object, places } = last !== null && clock.monotonic() - last.at < lookIsGoodFor ? last.seen : await look(signal);
      last = null;
      const write = { service, fence, key };
      requireTurn(object, write);
      requireReady(service, weights, (version) => places.some((each) => each.version === version && each.ready > 0));
      const place = places.find(({ version }) => weights[version] === 100) ?? onlyWhole(service, name);
      const patch = [...sameObject(object, service), ...selectVersion(object, place), ...marksOf(object, write)];
      if ((await cluster.patch(kind, name, patch, signal)) === 'changed') changedMeanwhile(kind.kind, name);
      await untilOnly(name, place, cluster, clock, signal);
    },
  };
}

/** A new request goes where the endpoints say: the write is done when they hold pods of the version, and no others. */
async function untilOnly(
  name: string,
  place: DeploymentPlace,
  cluster: ClusterClient,
  clock: Clock,
  signal: AbortSignal,
): Promise<void> {
  for (const until = clock.monotonic() + endpointsWithin; ; ) {
    const { strangers, ready, resourceVersion } = await endpoints(name, place, cluster, signal);
    if (strangers.length === 0 && ready > 0) return;
    const left = until - clock.monotonic();
    if (left <= 0)
      fail({
        code: 'outcome.unknown',
        what: `the endpoints of Service ${name} do not follow its selector`,
        why: strangers.length > 0 ? `they still hold ${strangers.join(', ')}` : `they hold no ready pod of ${place.version}`,
        touched: 'unknown',
        next: `kubectl -n ${cluster.namespace} get endpointslices -l kubernetes.io/service-name=${name}`,
      });
    await cluster.changes(
      objectKinds.endpointSlice,
      `kubernetes.io/service-name=${name}`,
      resourceVersion,
      Math.min(left, 1000),
      signal,
    );
    signal.throwIfAborted();
  }
}

async function endpoints(
  name: string,
  { selector }: DeploymentPlace,
  cluster: ClusterClient,
  signal: AbortSignal,
): Promise<{ readonly strangers: readonly string[]; readonly ready: number; readonly resourceVersion: string }> {
  const [slices, pods] = await Promise.all([
    cluster.list(objectKinds.endpointSlice, `kubernetes.io/service-name=${name}`, signal),
    cluster.list(objectKinds.pod, selectorText(selector), signal),
  ]);
  const own = new Set(pods.items.map(({ metadata }) => metadata.name));
  const all = slices.items.flatMap(endpointsOf);
  const strangers = all.flatMap(({ pod }) => (pod !== null && own.has(pod) ? [] : [pod ?? 'an address without a pod']));
  return { strangers, ready: all.filter(({ ready }) => ready).length, resourceVersion: slices.resourceVersion };
}

function onlyWhole(service: string, name: string): never {
  return fail({
    code: 'usage',
    what: `the traffic of ${service} cannot be split`,
    why: `the selector of Service ${name} gives everything to one version`,
    touched: 'no',
    next: 'give one version 100 %, or route by Istio or Gateway API',
  });
}
