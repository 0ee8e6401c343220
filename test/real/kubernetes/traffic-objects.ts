import { marks } from '../../../src/adapters/kit/kubernetes/fence.ts';
import type { Api, Manifest } from './api.ts';

/** The versions of the service `fraud` in a namespace: two with a ready copy, and one whose image cannot be pulled. */
export const versionNames: Readonly<Record<string, string>> = {
  '1.0.0': 'fraud-1-0-0',
  '1.1.0': 'fraud-1-1-0',
  '2.0.0': 'fraud-2-0-0',
};

const labelsOf = (version: string) => ({ [marks.service]: 'fraud', [marks.version]: version });

/** Makes them, and the Services that lead to them; done when the ready ones have ready endpoints. */
export async function runVersions(admin: Api, namespace: string): Promise<void> {
  for (const [version, name] of Object.entries(versionNames)) {
    const image = version === '2.0.0' ? 'unpullable.test/model:2' : 'model:1';
    await admin.must('POST', `/apis/apps/v1/namespaces/${namespace}/deployments`, deploymentOf(version, name, image));
    await admin.must('POST', `/api/v1/namespaces/${namespace}/services`, {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name, labels: labelsOf(version), annotations: { [marks.version]: version } },
      spec: { selector: labelsOf(version), ports: [{ port: 8080 }] },
    });
  }
  for (const version of ['1.0.0', '1.1.0'])
    await admin.until(
      `/apis/discovery.k8s.io/v1/namespaces/${namespace}/endpointslices?labelSelector=kubernetes.io/service-name=${versionNames[version]}`,
      ({ endpoints }) => (endpoints ?? []).some(({ conditions }: { conditions: { ready: boolean } }) => conditions.ready),
    );
}

function deploymentOf(version: string, name: string, image: string): Manifest {
  const pods = { app: 'fraud', ...labelsOf(version) };
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name, labels: labelsOf(version), annotations: { [marks.version]: version } },
    spec: {
      replicas: 1,
      selector: { matchLabels: labelsOf(version) },
      template: {
        metadata: { labels: pods },
        spec: { containers: [{ name: 'model', image, ports: [{ containerPort: 8080 }] }] },
      },
    },
  };
}

/** Objects that traffic goes through, as teams have them before the first version is deployed by sofare. */
export const sharedObjects = {
  virtualService: (name: string): Manifest => ({
    apiVersion: 'networking.istio.io/v1',
    kind: 'VirtualService',
    metadata: { name, annotations: { 'team.example/owner': 'fraud & friends <team>' } },
    spec: {
      hosts: [`${name}.example.com`],
      http: [
        {
          name: 'primary',
          match: [{ uri: { regex: '/v2/[^<>&]+/infer\\?a=1&b=2' } }],
          timeout: '5s',
          route: [{ destination: { host: 'fraud-1-0-0' } }],
        },
        {
          name: 'rest',
          retries: { attempts: 2, perTryTimeout: '1s' },
          mirrorPercentage: { value: 0.1 },
          route: [
            {
              destination: { host: 'fraud-1-0-0', port: { number: 8080 } },
              weight: 100,
              headers: { request: { set: { via: 'a&b' } } },
            },
            { destination: { host: 'legacy' }, weight: 0 },
          ],
        },
        { name: 'moved', redirect: { uri: '/elsewhere' } },
      ],
    },
  }),
  subsets: (name: string): readonly Manifest[] => [
    {
      apiVersion: 'networking.istio.io/v1',
      kind: 'DestinationRule',
      metadata: { name },
      spec: {
        host: 'fraud',
        trafficPolicy: { loadBalancer: { simple: 'LEAST_REQUEST' } },
        subsets: [{ name: 'stable', labels: { [marks.version]: '1.0.0' } }],
      },
    },
    {
      apiVersion: 'networking.istio.io/v1',
      kind: 'VirtualService',
      metadata: { name },
      spec: { hosts: [`${name}.example.com`], http: [{ route: [{ destination: { host: 'fraud', subset: 'stable' } }] }] },
    },
  ],
  httpRoute: (name: string): Manifest => ({
    apiVersion: 'gateway.networking.k8s.io/v1',
    kind: 'HTTPRoute',
    metadata: { name },
    spec: {
      parentRefs: [{ name: 'edge' }],
      rules: [
        { matches: [{ path: { type: 'PathPrefix', value: '/v2' } }], backendRefs: [{ name: 'fraud-1-0-0', port: 8080 }] },
        {
          backendRefs: [
            { name: 'fraud-1-0-0', port: 8080, weight: 3 },
            { name: 'legacy', port: 80, weight: 0 },
          ],
        },
      ],
    },
  }),
  service: (name: string): Manifest => ({
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name },
    spec: { selector: { 'app': 'fraud', [marks.version]: '1.0.0' }, ports: [{ port: 80, targetPort: 8080 }] },
  }),
} as const;

const folders: Readonly<Record<string, string>> = {
  VirtualService: 'apis/networking.istio.io/v1',
  DestinationRule: 'apis/networking.istio.io/v1',
  HTTPRoute: 'apis/gateway.networking.k8s.io/v1',
  Service: 'api/v1',
  Deployment: 'apis/apps/v1',
};

/** Where the API server keeps objects of a kind, or the one of this name. */
export function pathOf(kind: string, namespace: string, name = ''): string {
  return `/${folders[kind]}/namespaces/${namespace}/${kind.toLowerCase()}s${name && `/${name}`}`;
}

/** The versions whose pods stand behind these Services as ready endpoints. */
export async function versionsBehind(admin: Api, namespace: string, services: readonly string[]): Promise<readonly string[]> {
  const [slices, pods] = await Promise.all([
    admin.must('GET', `/apis/discovery.k8s.io/v1/namespaces/${namespace}/endpointslices`),
    admin.must('GET', `/api/v1/namespaces/${namespace}/pods`),
  ]);
  const versions = new Map<string, string>(
    pods.items.map(({ metadata }: Manifest) => [metadata.name, (metadata['labels'] as Record<string, string>)[marks.version]]),
  );
  const reached = (slices.items as readonly Manifest[])
    .filter(({ metadata }) =>
      services.includes((metadata['labels'] as Record<string, string>)['kubernetes.io/service-name'] ?? ''),
    )
    .flatMap(({ endpoints }) => endpoints as readonly { conditions: { ready: boolean }; targetRef: { name: string } }[])
    .filter(({ conditions }) => conditions.ready)
    .map(({ targetRef }) => versions.get(targetRef.name) ?? targetRef.name);
  return [...new Set(reached)];
}
