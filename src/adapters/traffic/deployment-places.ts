import type { ClusterClient } from '../kit/kubernetes/cluster-client.ts';
import { marks } from '../kit/kubernetes/fence.ts';
import { objectKinds } from '../kit/kubernetes/object-kinds.ts';
import type { SelectedVersion } from './selector-patch.ts';

/** The Deployment of one version. */
export interface DeploymentPlace extends SelectedVersion {
  readonly name: string;
  /** Copies that are ready and that are not about to be stopped. */
  readonly ready: number;
}

interface DeploymentParts {
  readonly spec?: {
    readonly replicas?: number;
    readonly selector?: { readonly matchLabels?: Readonly<Record<string, string>> };
    readonly template?: { readonly metadata?: { readonly labels?: Readonly<Record<string, string>> } };
  };
  readonly status?: { readonly readyReplicas?: number };
}

/** The Deployments of all versions of a service. */
export async function deploymentPlaces(
  service: string,
  cluster: ClusterClient,
  signal: AbortSignal,
): Promise<readonly DeploymentPlace[]> {
  const { items } = await cluster.list(objectKinds.deployment, `${marks.service}=${service}`, signal);
  return items.flatMap((item) => {
    const version = item.metadata.annotations?.[marks.version];
    if (version === undefined) return [];
    const { spec, status } = item as DeploymentParts;
    return [
      {
        version,
        name: item.metadata.name,
        labels: spec?.template?.metadata?.labels ?? {},
        selector: spec?.selector?.matchLabels ?? {},
        ready: Math.min(status?.readyReplicas ?? 0, spec?.replicas ?? 1),
      },
    ];
  });
}
