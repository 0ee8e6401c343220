import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { runInProcess } from '../../fixtures/in-process.ts';
import { type Ended, Local } from '../../fixtures/local.ts';
import { imageOf } from '../../target/sample-versions.ts';
import type { Manifest } from './api.ts';
import type { ControlPlane } from './control-plane.ts';

export const service = 'fraud';

/** How requests of it are routed, and the objects that were there before sofare was. */
export const routings = {
  'istio': {
    traffic: '{ kind: istio, virtualService: fraud }',
    collection: '/apis/networking.istio.io/v1',
    plural: 'virtualservices',
    object: {
      apiVersion: 'networking.istio.io/v1',
      kind: 'VirtualService',
      metadata: { name: 'fraud' },
      spec: { hosts: ['fraud'], http: [{ name: 'primary', route: [{ destination: { host: 'nothing-yet' }, weight: 100 }] }] },
    },
  },
  'gateway-api': {
    traffic: '{ kind: gateway-api, route: fraud }',
    collection: '/apis/gateway.networking.k8s.io/v1',
    plural: 'httproutes',
    object: {
      apiVersion: 'gateway.networking.k8s.io/v1',
      kind: 'HTTPRoute',
      metadata: { name: 'fraud' },
      spec: { rules: [{ backendRefs: [{ name: 'nothing-yet', port: 8080, weight: 1 }] }] },
    },
  },
  'service-selector': {
    traffic: '{ kind: service-selector, service: fraud }',
    collection: '/api/v1',
    plural: 'services',
    object: {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name: 'fraud' },
      spec: { selector: { app: 'fraud', track: 'nothing-yet' }, ports: [{ port: 80, targetPort: 8080 }] },
    },
  },
} as const;

export type Routing = keyof typeof routings;

export interface ServedOptions {
  readonly copies?: number;
  /** How long a version that was left stays warm. */
  readonly warm?: string;
  /** Further lines of the service's configuration. */
  readonly more?: string;
}

export const template = `apiVersion: apps/v1
kind: Deployment
metadata: { name: fraud }
spec:
  template:
    metadata: { labels: { app: fraud } }
    spec:
      containers:
        - name: model
          image: replaced
          envFrom: [{ configMapRef: { name: rules } }]
          env: [{ name: TOKEN, valueFrom: { secretKeyRef: { name: token, key: token, optional: true } } }]
`;

export function configuration(
  namespace: string,
  routing: Routing,
  { copies = 1, warm = '1h', more = '' }: ServedOptions,
): string {
  return `version: 1
services:
  ${service}:
    model: fraud
    cluster: { namespace: ${namespace} }
    target: { kind: deployment, template: deployment.yaml, port: 8080, copies: ${copies}, readyWithin: 60s }
    traffic: ${routings[routing].traffic}
    bake: { for: 0s, requests: 0 }
    keep: { knownGood: 3, warm: ${warm} }
${more}`;
}

/** Makes what was there before sofare was: what traffic goes through, and what the template reads. */
export async function makeRouted({ admin }: ControlPlane, namespace: string, routing: Routing): Promise<void> {
  const { collection, plural, object } = routings[routing];
  await admin.must('POST', `${collection}/namespaces/${namespace}/${plural}${byAPerson}`, object);
  await admin.must('POST', `/api/v1/namespaces/${namespace}/configmaps`, rules('strict'));
}

/** What a person has written once is nobody's who writes again. */
const byAPerson = '?fieldManager=kubectl-create';

/** A service in a namespace of its own, worked on by the real program from a folder of its own. */
export class ServedService implements AsyncDisposable {
  readonly plane: ControlPlane;
  readonly namespace: string;
  readonly local: Local;
  readonly #environment: NodeJS.ProcessEnv;

  private constructor(plane: ControlPlane, namespace: string, local: Local, environment: NodeJS.ProcessEnv) {
    this.plane = plane;
    this.namespace = namespace;
    this.local = local;
    this.#environment = environment;
  }

  static async begin(plane: ControlPlane, routing: Routing, options: ServedOptions = {}): Promise<ServedService> {
    const namespace = await plane.namespace();
    await makeRouted(plane, namespace, routing);
    return ServedService.beside(plane, namespace, routing, options);
  }

  /** Another folder with a registry of its own, for the same service in the same cluster. */
  static beside(plane: ControlPlane, namespace: string, routing: Routing, options: ServedOptions = {}): ServedService {
    // The program's own door, run in this process, looks there too.
    process.env['KUBECONFIG'] ??= plane.kubeconfig();
    const environment = { KUBECONFIG: process.env['KUBECONFIG'] };
    const local = new Local({ yaml: configuration(namespace, routing, options), environment });
    writeFileSync(join(local.directory, 'deployment.yaml'), template);
    return new ServedService(plane, namespace, local, environment);
  }

  run(...words: readonly string[]): Promise<Ended> {
    return runInProcess(this.local, words, this.#environment);
  }

  async must(code: number, ...words: readonly string[]): Promise<Ended> {
    const ended = await this.run(...words);
    if (ended.code === code) return ended;
    throw new Error(`sofare ${words.join(' ')} ended with ${ended.code}, not ${code}\n${ended.output}${ended.errors}`);
  }

  async register(version: string, repository?: string): Promise<void> {
    await this.must(0, 'register', version, '--image', imageOf(version, repository));
  }

  // biome-ignore lint/suspicious/noExplicitAny: a document is read as the test expects it
  async status(): Promise<any> {
    return JSON.parse((await this.must(0, 'status', '-o', 'json')).output).services[0];
  }

  /** The share of each version that has one, as sofare says. */
  async shares(): Promise<Readonly<Record<string, number>>> {
    const { serving } = (await this.status()) as { serving: readonly { version: string; share: number }[] };
    return Object.fromEntries(serving.filter(({ share }) => share > 0).map(({ version, share }) => [version, share]));
  }

  path(collection: string, plural: string, name = ''): string {
    return `${collection}/namespaces/${this.namespace}/${plural}${name === '' ? '' : `/${name}`}`;
  }

  async get(collection: string, plural: string, name: string): Promise<Manifest> {
    return this.plane.admin.must('GET', this.path(collection, plural, name));
  }

  deployment(name: string): Promise<Manifest> {
    return this.get('/apis/apps/v1', 'deployments', name);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.local[Symbol.asyncDispose]();
  }
}

export function rules(content: string): Manifest {
  return { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'rules' }, data: { RULES: content } };
}
