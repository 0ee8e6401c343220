/** A kind of object and where the API server keeps it. */
export interface ObjectKind {
  readonly apiVersion: string;
  readonly kind: string;
  readonly plural: string;
}

const kind = (apiVersion: string, name: string, plural: string): ObjectKind => ({ apiVersion, kind: name, plural });

/** Every kind that is read or written here, all of them within a namespace. */
export const objectKinds = {
  configMap: kind('v1', 'ConfigMap', 'configmaps'),
  pod: kind('v1', 'Pod', 'pods'),
  service: kind('v1', 'Service', 'services'),
  deployment: kind('apps/v1', 'Deployment', 'deployments'),
  replicaSet: kind('apps/v1', 'ReplicaSet', 'replicasets'),
  autoscaler: kind('autoscaling/v2', 'HorizontalPodAutoscaler', 'horizontalpodautoscalers'),
  endpointSlice: kind('discovery.k8s.io/v1', 'EndpointSlice', 'endpointslices'),
  virtualService: kind('networking.istio.io/v1', 'VirtualService', 'virtualservices'),
  destinationRule: kind('networking.istio.io/v1', 'DestinationRule', 'destinationrules'),
  httpRoute: kind('gateway.networking.k8s.io/v1', 'HTTPRoute', 'httproutes'),
} as const satisfies Record<string, ObjectKind>;

/** The kind of an object that is to be written. Null: nothing here writes such objects. */
export function kindOf({ apiVersion, kind: name }: { readonly apiVersion: string; readonly kind: string }): ObjectKind | null {
  return Object.values(objectKinds).find((known) => known.apiVersion === apiVersion && known.kind === name) ?? null;
}

/** Where the API server keeps the objects of a kind, or one of them. */
export function pathOf({ apiVersion, plural }: ObjectKind, namespace: string, name: string | null): string {
  const group = apiVersion.includes('/') ? `/apis/${apiVersion}` : `/api/${apiVersion}`;
  const folder = `${group}/namespaces/${encodeURIComponent(namespace)}/${plural}`;
  return name === null ? folder : `${folder}/${encodeURIComponent(name)}`;
}
