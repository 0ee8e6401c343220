import type { ClusterClient, ObjectList } from '../../src/adapters/kit/kubernetes/cluster-client.ts';
import { marks } from '../../src/adapters/kit/kubernetes/fence.ts';
import type { JsonPatchOperation, KubernetesObject } from '../../src/adapters/kit/kubernetes/kubernetes-object.ts';
import { type ObjectKind, objectKinds } from '../../src/adapters/kit/kubernetes/object-kinds.ts';
import { ProblemError } from '../../src/model/errors.ts';
import { applyPatch } from './apply-patch.ts';

const namespace = 'serving';

/** Objects in memory, for what a real API server cannot be made to do at a given moment. */
export class InMemoryCluster {
  readonly #objects = new Map<string, KubernetesObject>();
  #revision = 0;
  /** Patches that reached the server, whether or not they were applied. */
  readonly patches: { readonly name: string; readonly operations: readonly JsonPatchOperation[] }[] = [];
  /** Called before a patch is looked at: what others do at that moment. */
  before: (kind: string) => void = () => {};
  /** Whether the answer to a patch that was done is lost. */
  loses: (kind: string) => boolean = () => false;
  /** Called when somebody waits for changes: what happens meanwhile. */
  meanwhile: () => void = () => {};

  readonly client: ClusterClient = {
    namespace,
    get: async ({ kind }, name) => this.#objects.get(`${kind}/${name}`) ?? null,
    list: async ({ kind }, labels) => this.#list(kind, labels),
    patch: async ({ kind }, name, operations) => this.#patch(kind, name, operations),
    changes: async () => this.meanwhile(),
    apply: unused,
    replace: unused,
    create: unused,
    remove: unused,
    close: () => {},
  };

  /** Puts an object there, as anybody but us would: without a look at what was there. */
  put(kind: ObjectKind, name: string, more: Readonly<Record<string, unknown>> & { readonly metadata?: object }): void {
    const before = this.#objects.get(`${kind.kind}/${name}`);
    this.#revision += 1;
    const own = {
      name,
      namespace,
      uid: before?.metadata.uid ?? `uid-${this.#revision}`,
      resourceVersion: String(this.#revision),
    };
    this.#objects.set(`${kind.kind}/${name}`, {
      ...more,
      apiVersion: kind.apiVersion,
      kind: kind.kind,
      metadata: { ...before?.metadata, ...more.metadata, ...own },
    });
  }

  forget(kind: ObjectKind, name: string): void {
    this.#objects.delete(`${kind.kind}/${name}`);
  }

  get(kind: ObjectKind, name: string): KubernetesObject {
    const object = this.#objects.get(`${kind.kind}/${name}`);
    if (!object) throw new Error(`there is no ${kind.kind} ${name}`);
    return object;
  }

  /** A version as its Deployment, its Service, its pods and their endpoints. */
  run(version: string, name: string, ready = 1, service = 'fraud'): void {
    const labels = { [marks.service]: service, [marks.version]: version };
    const metadata = { labels, annotations: { [marks.version]: version } };
    const pods = { app: service, ...labels };
    this.put(objectKinds.deployment, name, {
      metadata,
      spec: { selector: { matchLabels: labels }, template: { metadata: { labels: pods } } },
      status: { readyReplicas: ready },
    });
    this.put(objectKinds.service, name, { metadata, spec: { selector: labels, ports: [{ port: 8080 }] } });
    this.put(objectKinds.pod, `${name}-a`, { metadata: { labels: pods } });
    this.endpoints(name, [`${name}-a`], ready > 0, labels);
  }

  endpoints(service: string, pods: readonly string[], ready = true, labels: Readonly<Record<string, string>> = {}): void {
    this.put(objectKinds.endpointSlice, `${service}-x`, {
      metadata: { labels: { ...labels, 'kubernetes.io/service-name': service } },
      endpoints: pods.map((name) => ({ conditions: { ready }, targetRef: { kind: 'Pod', name } })),
    });
  }

  #list(kind: string, labels: string): ObjectList {
    const wanted = labels.split(',').map((each) => each.split('='));
    const items = [...this.#objects.values()].filter(
      (object) => object.kind === kind && wanted.every(([name = '', value]) => object.metadata.labels?.[name] === value),
    );
    return { items, resourceVersion: String(this.#revision) };
  }

  #patch(kind: string, name: string, operations: readonly JsonPatchOperation[]): KubernetesObject | 'changed' {
    this.before(kind);
    this.patches.push({ name, operations });
    const seen = this.#objects.get(`${kind}/${name}`);
    const changed = seen ? applyPatch(seen, operations) : null;
    if (!changed) return 'changed';
    this.#revision += 1;
    const written = { ...changed, metadata: { ...changed.metadata, resourceVersion: String(this.#revision) } };
    this.#objects.set(`${kind}/${name}`, written);
    if (this.loses(kind))
      throw new ProblemError({
        code: 'outcome.unknown',
        what: 'the answer was lost',
        why: 'connection reset',
        touched: 'unknown',
        next: 'sofare status',
      });
    return written;
  }
}

async function unused(): Promise<never> {
  throw new Error('traffic only reads and patches');
}
