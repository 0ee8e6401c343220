import type { Api, Manifest } from '../real/kubernetes/api.ts';
import type { Watch } from './killed-service.ts';

interface Destination {
  readonly destination: { readonly host: string };
  readonly weight?: number;
}

/**
 * Looks at every state that the VirtualService of a namespace goes through: each route leads somewhere, all of it, and wherever it leads
 * there is a pod that takes requests. Pods of the control plane answer none themselves, so this stands for the load.
 */
export async function watchRoute(api: Api, namespace: string): Promise<Watch> {
  const routes = `/apis/networking.istio.io/v1/namespaces/${namespace}/virtualservices`;
  const lost: string[] = [];
  let seen = 0;
  let over = false;
  const looks: Promise<void>[] = [];
  const look = async (route: Manifest): Promise<void> => {
    for (const problem of await problemsOf(api, namespace, route)) {
      const now = await api.must('GET', `${routes}/${route.metadata.name}`);
      // What has moved on since may have stopped what was left meanwhile.
      if (now.metadata['resourceVersion'] === route.metadata['resourceVersion']) lost.push(problem);
    }
  };
  const watching = api.until(routes, (route) => {
    if (over) return true;
    seen += 1;
    looks.push(look(route));
    return false;
  });
  return {
    stop: async () => {
      over = true;
      await api.must(
        'PATCH',
        `${routes}/fraud?fieldManager=kubectl-label`,
        { metadata: { labels: { watched: String(seen) } } },
        'application/merge-patch+json',
      );
      await watching;
      await Promise.all(looks);
      return { answered: seen, lost };
    },
  };
}

async function problemsOf(api: Api, namespace: string, { spec }: Manifest): Promise<readonly string[]> {
  const problems: string[] = [];
  for (const { name, route } of spec.http as readonly { name: string; route: readonly Destination[] }[]) {
    const weights = route.map(({ weight }) => weight ?? (route.length === 1 ? 100 : 0));
    const sum = weights.reduce((total, weight) => total + weight, 0);
    if (sum !== 100) problems.push(`the weights of ${name} sum to ${sum}`);
    for (const [index, { destination }] of route.entries()) {
      if ((weights[index] ?? 0) > 0 && !(await hasReadyPod(api, namespace, destination.host)))
        problems.push(`${name} leads to ${destination.host}, where no pod is ready`);
    }
  }
  return problems;
}

async function hasReadyPod(api: Api, namespace: string, service: string): Promise<boolean> {
  const labels = `kubernetes.io/service-name=${service}`;
  const { items } = await api.must(
    'GET',
    `/apis/discovery.k8s.io/v1/namespaces/${namespace}/endpointslices?labelSelector=${labels}`,
  );
  const endpoints = (items as readonly Manifest[]).flatMap(
    (slice) => (slice['endpoints'] ?? []) as readonly { conditions?: { ready?: boolean } }[],
  );
  return endpoints.some(({ conditions }) => conditions?.ready !== false);
}
