import type { IstioTraffic, Service } from '../../model/service.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Traffic } from '../../ports/traffic.ts';
import type { ClusterClient } from '../kit/kubernetes/cluster-client.ts';
import { objectKinds } from '../kit/kubernetes/object-kinds.ts';
import { chosenRules } from './chosen-rules.ts';
import { deploymentPlaces } from './deployment-places.ts';
import { istioDestination, istioRules, type IstioPlaces, localName } from './istio-rules.ts';
import { type MarkedWrite, marksOf, requireTurn, sameObject } from './marked-object.ts';
import { ruledTraffic, type RuledObject } from './ruled-traffic.ts';
import { servicePlaces } from './service-places.ts';
import { goneSubsets, patchSubsets, subsetHost, subsetVersions } from './subset-patch.ts';
import { changedMeanwhile, noSuchObject } from './traffic-problems.ts';

/** Weights in the HTTP routes of a VirtualService. Versions are Services of their own, or subsets of one host by a DestinationRule. */
export function istioTraffic({ name: service }: Service, traffic: IstioTraffic, cluster: ClusterClient, clock: Clock): Traffic {
  const { virtualService: name, routes, destinationRule, address } = traffic;
  const { virtualService: kind } = objectKinds;
  const ruled = async (places: Promise<Places>, signal: AbortSignal): Promise<RuledObject> => {
    const [object, found] = await Promise.all([cluster.get(kind, name, signal), places]);
    if (object === null) return noSuchObject(kind.kind, name, cluster.namespace);
    return {
      object,
      rules: chosenRules(`VirtualService ${name}`, istioRules(object, found.places), routes),
      isReady: (version) => (found.ready.get(version) ?? 0) > 0,
      destinationFor: (version, rule) => istioDestination(found.names.get(version) ?? version, rule, found.places),
      ...(found.prepare ? { prepare: found.prepare } : {}),
    };
  };
  return ruledTraffic({
    service,
    kind,
    name,
    address,
    cluster,
    clock,
    look: (signal) =>
      ruled(
        destinationRule === null ? byService(service, cluster, signal) : bySubset(service, destinationRule, cluster, signal),
        signal,
      ),
  });
}

interface Places {
  readonly places: IstioPlaces;
  /** By version: the name of its Service or subset. */
  readonly names: ReadonlyMap<string, string>;
  readonly ready: ReadonlyMap<string, number>;
  readonly prepare?: NonNullable<RuledObject['prepare']>;
}

async function byService(service: string, cluster: ClusterClient, signal: AbortSignal): Promise<Places> {
  const found = await servicePlaces(service, cluster, signal);
  return {
    places: {
      namespace: cluster.namespace,
      host: null,
      versions: new Map(found.map(({ name, version }) => [name, version])),
    },
    names: new Map(found.map(({ name, version }) => [version, name])),
    ready: new Map(found.map(({ version, ready }) => [version, ready])),
  };
}

async function bySubset(service: string, ruleName: string, cluster: ClusterClient, signal: AbortSignal): Promise<Places> {
  const kind = objectKinds.destinationRule;
  const [rule, found] = await Promise.all([cluster.get(kind, ruleName, signal), deploymentPlaces(service, cluster, signal)]);
  if (rule === null) return noSuchObject(kind.kind, ruleName, cluster.namespace);
  const versions = subsetVersions(rule, found);
  const named = new Map([...versions].map(([name, version]) => [version, name]));
  const names = new Map(found.map((place) => [place.version, named.get(place.version) ?? place.name]));
  /** A route that leads to a subset which is not there yet answers 503: the subset comes first. */
  const prepare = async (wanted: readonly string[], write: MarkedWrite, stop: AbortSignal): Promise<void> => {
    const missing = found.filter(({ version }) => wanted.includes(version) && !named.has(version));
    if (missing.length === 0) return;
    requireTurn(rule, write);
    const subsets = missing.map(({ name, selector }) => ({ name, labels: selector }));
    const patch = [
      ...sameObject(rule, service),
      ...patchSubsets(rule, subsets, goneSubsets(rule, service, versions)),
      ...marksOf(rule, write),
    ];
    if ((await cluster.patch(kind, ruleName, patch, stop)) === 'changed') changedMeanwhile(kind.kind, ruleName);
  };
  return {
    places: { namespace: cluster.namespace, host: localName(subsetHost(rule), cluster.namespace), versions },
    names,
    ready: new Map(found.map(({ version, ready }) => [version, ready])),
    prepare,
  };
}
