import { bundleDigest, emptyBundle } from '../../src/registry/bundle.ts';
import type { Api, Manifest } from '../../test/real/kubernetes/api.ts';

const atOnce = 16;
const versions = ['1.0.0', '2.0.0'] as const;

/** The routes of many services, all on 2.0.0, and for both versions of each a Service with a ready endpoint. */
export async function createFleet(
  admin: Api,
  namespace: string,
  names: readonly string[],
  say: (text: string) => void,
): Promise<void> {
  const waiting = [...names];
  const create = async (): Promise<void> => {
    for (let name = waiting.pop(); name !== undefined; name = waiting.pop()) {
      for (const [path, object] of objectsOf(name)) await admin.must('POST', path.replace('NAMESPACE', namespace), object);
      if (waiting.length > 0 && waiting.length % 250 === 0) say(`${waiting.length} services left to be made`);
    }
  };
  await Promise.all(Array.from({ length: atOnce }, create));
}

function objectsOf(name: string): readonly (readonly [string, Manifest])[] {
  const hosts = versions.map((version) => `${name}-${version.replaceAll('.', '-')}`);
  const route = hosts.map((host, index) => ({ destination: { host }, weight: index === 0 ? 0 : 100 }));
  return [
    ...versions.flatMap((version, index) => of(name, version, hosts[index] ?? '')),
    [
      '/apis/networking.istio.io/v1/namespaces/NAMESPACE/virtualservices?fieldManager=kubectl-create',
      {
        apiVersion: 'networking.istio.io/v1',
        kind: 'VirtualService',
        metadata: { name },
        spec: { hosts: [name], http: [{ name: 'primary', route }] },
      },
    ],
  ];
}

function of(service: string, version: string, name: string): readonly (readonly [string, Manifest])[] {
  const labels = { 'sofare.dev/service': service, 'sofare.dev/version': version };
  const annotations = {
    'sofare.dev/version': version,
    'sofare.dev/bundle': bundleDigest({ ...emptyBundle, configuration: { version } }),
  };
  const ports = [{ name: 'http', port: 8080 }];
  return [
    [
      '/api/v1/namespaces/NAMESPACE/services',
      {
        apiVersion: 'v1',
        kind: 'Service',
        metadata: { name, labels, annotations },
        spec: { clusterIP: 'None', selector: labels, ports },
      },
    ],
    [
      '/apis/discovery.k8s.io/v1/namespaces/NAMESPACE/endpointslices',
      {
        apiVersion: 'discovery.k8s.io/v1',
        kind: 'EndpointSlice',
        metadata: { name, labels: { ...labels, 'kubernetes.io/service-name': name } },
        addressType: 'IPv4',
        ports,
        endpoints: [{ addresses: ['10.1.0.1'], conditions: { ready: true } }],
      },
    ],
  ];
}
