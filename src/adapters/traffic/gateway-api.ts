import type { GatewayTraffic, Service } from '../../model/service.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Traffic } from '../../ports/traffic.ts';
import type { ClusterClient } from '../kit/kubernetes/cluster-client.ts';
import { objectKinds } from '../kit/kubernetes/object-kinds.ts';
import { chosenRules } from './chosen-rules.ts';
import { gatewayDestination, gatewayRules } from './gateway-rules.ts';
import { ruledTraffic } from './ruled-traffic.ts';
import { servicePlaces } from './service-places.ts';
import { noSuchObject } from './traffic-problems.ts';

/** Weights in the rules of an HTTPRoute; every version is a Service of its own. */
export function gatewayTraffic(
  { name: service }: Service,
  traffic: GatewayTraffic,
  cluster: ClusterClient,
  clock: Clock,
): Traffic {
  const { route: name, routes, address } = traffic;
  const { namespace } = cluster;
  const { httpRoute: kind } = objectKinds;
  return ruledTraffic({
    service,
    kind,
    name,
    address,
    cluster,
    clock,
    look: async (signal) => {
      const [object, found] = await Promise.all([cluster.get(kind, name, signal), servicePlaces(service, cluster, signal)]);
      if (object === null) return noSuchObject(kind.kind, name, namespace);
      const versions = new Map(found.map((place) => [place.name, place.version]));
      const placeOf = (version: string) => found.find((place) => place.version === version);
      return {
        object,
        rules: chosenRules(`HTTPRoute ${name}`, gatewayRules(object, { namespace, versions }), routes),
        isReady: (version) => (placeOf(version)?.ready ?? 0) > 0,
        destinationFor: (version) => gatewayDestination(placeOf(version)?.name ?? version, placeOf(version)?.port ?? null),
      };
    },
  });
}
