import type { KubernetesObject } from '../kit/kubernetes/kubernetes-object.ts';
import type { Destination, RoutedRule } from './routed-rule.ts';
import type { NewDestination } from './rule-patch.ts';

/** How destinations of a VirtualService are told apart and made. */
export interface IstioPlaces {
  /** The namespace in which short host names are meant. */
  readonly namespace: string;
  /** The one host whose subsets are the versions; null: each version is a host of its own. */
  readonly host: string | null;
  /** Version by name of the Service, or of the subset. */
  readonly versions: ReadonlyMap<string, string>;
}

interface HttpRoute {
  readonly name?: string;
  readonly route?: readonly HttpDestination[];
}

interface HttpDestination {
  readonly destination?: { readonly host?: string; readonly subset?: string; readonly port?: unknown };
  readonly weight?: number;
}

/** The HTTP routes of a VirtualService that lead to destinations. */
export function istioRules(virtualService: KubernetesObject, places: IstioPlaces): readonly RoutedRule[] {
  const { http } = (virtualService['spec'] ?? {}) as { readonly http?: readonly HttpRoute[] };
  return (http ?? []).flatMap((rule, index) => {
    if (!rule.route?.length) return [];
    const single = rule.route.length === 1;
    return [
      {
        called: rule.name ?? `route ${index + 1}`,
        at: `/spec/http/${index}`,
        list: 'route',
        seen: rule,
        destinations: rule.route.map((each) => destination(each, single, places)),
      },
    ];
  });
}

/** A single destination has everything, whatever its weight; among several one without a weight has nothing. */
function destination({ destination: to, weight }: HttpDestination, single: boolean, places: IstioPlaces): Destination {
  const host = localName(to?.host ?? '', places.namespace);
  const subset = to?.subset;
  const called = subset === undefined ? host : `${host}/${subset}`;
  const name = places.host === null ? (subset === undefined ? host : null) : host === places.host ? (subset ?? null) : null;
  return {
    called,
    version: (name === null ? undefined : places.versions.get(name)) ?? null,
    weight: single ? 100 : (weight ?? 0),
    written: weight !== undefined,
  };
}

/** Written as the destinations beside it that lead to versions: with their port, and with as much of the domain. */
export function istioDestination(name: string, rule: RoutedRule, places: IstioPlaces): NewDestination {
  const { route } = rule.seen as Required<HttpRoute>;
  const known = rule.destinations.findIndex(({ version }) => version !== null);
  const beside = known < 0 ? undefined : route[known]?.destination;
  const local = beside?.host === undefined ? '' : localName(beside.host, places.namespace);
  const host = `${places.host ?? name}${beside?.host?.slice(local.length) ?? ''}`;
  const port = beside?.port === undefined ? {} : { port: beside.port };
  return places.host === null
    ? { called: name, value: { destination: { host, ...port } } }
    : { called: `${places.host}/${name}`, value: { destination: { host, subset: name, ...port } } };
}

/** The name of a Service of this namespace without its domain; any other host as it is. */
export function localName(host: string, namespace: string): string {
  const [name = '', where, kind] = host.split('.');
  return where === namespace && (kind === undefined || kind === 'svc') ? name : host;
}
