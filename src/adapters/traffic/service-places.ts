import { marks } from '../kit/kubernetes/fence.ts';
import type { ClusterClient } from '../kit/kubernetes/cluster-client.ts';
import { objectKinds } from '../kit/kubernetes/object-kinds.ts';

/** The Service of one version. */
export interface ServicePlace {
  readonly version: string;
  readonly name: string;
  readonly port: number | null;
  /** Endpoints that requests may be sent to, as the routers see them. */
  readonly ready: number;
}

/** The Services of all versions of a service, with how many endpoints of each take requests. */
export async function servicePlaces(
  service: string,
  cluster: ClusterClient,
  signal: AbortSignal,
): Promise<readonly ServicePlace[]> {
  const labels = `${marks.service}=${service}`;
  // An EndpointSlice carries the labels of the Service that it belongs to.
  const [services, slices] = await Promise.all([
    cluster.list(objectKinds.service, labels, signal),
    cluster.list(objectKinds.endpointSlice, labels, signal),
  ]);
  return services.items.flatMap((item) => {
    const version = item.metadata.annotations?.[marks.version];
    if (version === undefined) return [];
    const { name } = item.metadata;
    const { ports } = (item['spec'] ?? {}) as { readonly ports?: readonly { readonly port: number }[] };
    const own = slices.items.filter((slice) => slice.metadata.labels?.['kubernetes.io/service-name'] === name);
    const ready = own.flatMap(endpointsOf).filter((endpoint) => endpoint.ready).length;
    return [{ version, name, port: ports?.[0]?.port ?? null, ready }];
  });
}

export interface Endpoint {
  /** Null: none stands behind it. */
  readonly pod: string | null;
  readonly ready: boolean;
}

export function endpointsOf(slice: { readonly [field: string]: unknown }): readonly Endpoint[] {
  const endpoints = (slice['endpoints'] ?? []) as readonly {
    readonly conditions?: { readonly ready?: boolean | null };
    readonly targetRef?: { readonly kind?: string; readonly name?: string };
  }[];
  return endpoints.map(({ conditions, targetRef }) => ({
    pod: targetRef?.kind === 'Pod' ? (targetRef.name ?? null) : null,
    // What does not say whether it is ready counts as ready: so the routers read it.
    ready: conditions?.ready ?? true,
  }));
}
