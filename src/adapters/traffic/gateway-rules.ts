import type { KubernetesObject } from '../kit/kubernetes/kubernetes-object.ts';
import type { RoutedRule } from './routed-rule.ts';
import type { NewDestination } from './rule-patch.ts';

interface HttpRouteRule {
  readonly name?: string;
  readonly backendRefs?: readonly BackendRef[];
}

interface BackendRef {
  readonly group?: string;
  readonly kind?: string;
  readonly name: string;
  readonly namespace?: string;
  readonly port?: number;
  readonly weight?: number;
}

/** The rules of an HTTPRoute that lead to backends. `versions`: by name of the Service in `namespace`. */
export function gatewayRules(
  route: KubernetesObject,
  { namespace, versions }: { readonly namespace: string; readonly versions: ReadonlyMap<string, string> },
): readonly RoutedRule[] {
  const { rules } = (route['spec'] ?? {}) as { readonly rules?: readonly HttpRouteRule[] };
  return (rules ?? []).flatMap((rule, index) => {
    if (!rule.backendRefs?.length) return [];
    return [
      {
        called: rule.name ?? `rule ${index + 1}`,
        at: `/spec/rules/${index}`,
        list: 'backendRefs',
        seen: rule,
        destinations: rule.backendRefs.map((backend) => {
          const called = calledName(backend, namespace);
          // A weight that is left out is 1, and a single backend with 0 gets nothing: unlike in a VirtualService.
          const { weight = 1 } = backend;
          return { called, version: versions.get(called) ?? null, weight, written: backend.weight !== undefined };
        }),
      },
    ];
  });
}

export function gatewayDestination(name: string, port: number | null): NewDestination {
  return { called: name, value: { name, ...(port === null ? {} : { port }) } };
}

/** A Service of this namespace by its name alone; whatever else can be referred to by all that tells it apart. */
function calledName({ group, kind, name, namespace: where }: BackendRef, namespace: string): string {
  const service = (group ?? '') === '' && (kind ?? 'Service') === 'Service';
  const local = where === undefined || where === namespace;
  if (service && local) return name;
  return [...(service ? [] : [`${group || 'core'}/${kind}`]), ...(local ? [] : [where]), name].join('/');
}
