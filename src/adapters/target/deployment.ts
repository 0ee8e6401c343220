import { fail, ProblemError } from '../../model/errors.ts';
import { versionOf } from '../../model/fresh.ts';
import { shareOf } from '../../model/observation.ts';
import type { ClusterServing, Service } from '../../model/service.ts';
import { isServedByImage } from '../../model/version.ts';
import type { RecordStore } from '../../ports/record.ts';
import type { Target, Workload } from '../../ports/target.ts';
import type { Traffic } from '../../ports/traffic.ts';
import type { ClusterClient } from '../kit/kubernetes/cluster-client.ts';
import { marks } from '../kit/kubernetes/fence.ts';
import { objectKinds } from '../kit/kubernetes/object-kinds.ts';
import { versionObjectName } from '../kit/kubernetes/version-names.ts';
import { adoptedPods, requireApart, wakeAdopted, withLabelsOf } from './deployment/adopted.ts';
import { applyAsOurs } from './deployment/apply-as-ours.ts';
import { copyConfigMaps } from './deployment/configuration-copies.ts';
import { adoptedServices, findersOf } from './deployment/leading-services.ts';
import { podTemplate, versionDeployment, versionService, withVersionLabels } from './deployment/manifest.ts';
import {
  type Deployment,
  givenPods,
  isAdopted,
  observedVersions,
  reachablePods,
  type Told,
} from './deployment/observed-versions.ts';
import { deploymentPast } from './deployment/past.ts';
import type { PodTemplate } from './deployment/pod-template.ts';
import { readTemplate } from './deployment/read-template.ts';
import { replicasToWrite } from './deployment/replicas.ts';
import { requireStopped } from './deployment/require-stopped.ts';
import { requireTurn } from './deployment/require-turn.ts';
import { forgetOldest, putToRest } from './deployment/rest.ts';

const attempts = 5;

/** Where else it is looked before something is written or stopped. */
export interface Beside {
  readonly record: RecordStore;
  readonly traffic: Traffic;
}

/** Every version a Deployment of its own, side by side, made of one template. */
export function deploymentTarget(configured: Service, serving: ClusterServing, cluster: ClusterClient, beside: Beside): Target {
  const { name: service } = configured;
  const { target, traffic } = serving;
  const labels = `${marks.service}=${service}`;
  const ownServices = traffic.kind === 'gateway-api' || (traffic.kind === 'istio' && traffic.destinationRule === null);
  const watched = [objectKinds.deployment, objectKinds.pod, ...(ownServices ? [objectKinds.endpointSlice] : [])];
  /** From where each kind of object can be watched, as it was read last. */
  let versionsSeen: readonly string[] = [];
  const look = async (signal: AbortSignal): Promise<Told> => {
    const lists = await Promise.all(watched.map((kind) => cluster.list(kind, labels, signal)));
    versionsSeen = lists.map(({ resourceVersion }) => resourceVersion);
    const [deployments = [], pods = [], slices = null] = lists.map(({ items }) => items);
    const more = await adoptedPods(deployments, cluster, signal);
    return { deployments, pods: [...pods, ...more], reachable: slices && reachablePods(slices) };
  };
  const pods = async (workload: Workload, existing: readonly Deployment[], signal: AbortSignal): Promise<PodTemplate> => {
    const { version, name, returns } = workload;
    const base = named(existing, name) ?? named(existing, versionOf(name));
    const given = (returns || name !== version.version) && base ? givenPods(base) : null;
    const template = readTemplate(target);
    if (given && base) return withVersionLabels(isAdopted(base) ? withLabelsOf(template.pods, given) : given, service, name);
    return copyConfigMaps(podTemplate(template, target, { service, version, name }), service, cluster, signal);
  };
  /** What ran before sofare did keeps its requests to itself. */
  const requireOwnRequests = async (wanted: PodTemplate, existing: readonly Deployment[], signal: AbortSignal): Promise<void> => {
    const adopted = existing.find(isAdopted);
    if (!adopted) return;
    const services = await adoptedServices(traffic, service, cluster, signal);
    requireApart(wanted, adopted, await findersOf(adopted, traffic, services, cluster, signal));
  };
  return {
    can: { fence: true, surge: true, sideBySide: true, twice: true, ownsTraffic: false, files: false },
    past: deploymentPast(configured, serving, cluster, beside),
    observe: async (signal) => observedVersions(await look(signal), target.port),
    changes: async (atMost, signal) => {
      const over = new AbortController();
      const either = AbortSignal.any([signal, over.signal]);
      const watching = watched.map((kind, index) => cluster.changes(kind, labels, versionsSeen[index] ?? '', atMost, either));
      await Promise.race(watching);
      over.abort();
      await Promise.all(watching);
    },
    apply: async (workload, key, fence, signal) => {
      const { version, name, copies } = workload;
      if (!isServedByImage(version.bundle)) noImage(version.version);
      const template = readTemplate(target);
      requireStopped(service, observedVersions(await look(signal), target.port).versions[name]);
      return whileItChanges(async () => {
        const [{ items: existing }, record, own] = await Promise.all([
          cluster.list(objectKinds.deployment, labels, signal),
          beside.record.read(signal),
          cluster.get(objectKinds.deployment, versionObjectName(template.name, name), signal),
        ]);
        requireTurn(service, { deployments: existing, record: record.value }, { key, fence });
        const before = named(existing, name);
        if (before && isAdopted(before)) return wakeAdopted(before, { copies, key, fence }, cluster, signal);
        if (own && own.metadata.labels?.[marks.service] !== service) notOurs(own.metadata.name, cluster.namespace);
        const write = { service, version, name, key, fence };
        const made = await pods(workload, existing, signal);
        await requireOwnRequests(made, existing, signal);
        const wanted = versionDeployment(template, target, write, {
          pods: made,
          replicas: replicasToWrite(own, copies),
          resourceVersion: own?.metadata.resourceVersion ?? null,
        });
        const written = await applyAsOurs(cluster, wanted, signal);
        if (ownServices) await applyAsOurs(cluster, versionService(written, target, write), signal);
      });
    },
    retire: async (version, key, fence, signal) => {
      const [told, record, { weights }] = await Promise.all([
        look(signal),
        beside.record.read(signal),
        beside.traffic.read(signal),
      ]);
      requireTurn(service, { deployments: told.deployments, record: record.value }, { key, fence });
      if (shareOf(weights, version) > 0) stays(service, version, `it has ${shareOf(weights, version)} % of the traffic`);
      const deployment = named(told.deployments, version);
      const { versions } = observedVersions(told, target.port);
      if (!deployment || !versions[version]) return;
      const others = Object.values(versions).filter((each) => each.version !== version);
      if (!others.some(({ copies }) => copies.some(({ ready }) => ready)))
        stays(service, version, 'no other version has a ready copy');
      await putToRest(deployment, { key, fence }, cluster, signal);
      await forgetOldest(service, cluster, signal);
    },
  };
}

/** The server refuses a write for what was read before somebody else wrote; most often that was only the status of the object. */
async function whileItChanges(work: () => Promise<void>): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await work();
    } catch (error) {
      const changed = error instanceof ProblemError && error.problem.code === 'target.changed';
      if (!changed || attempt >= attempts) throw error;
    }
  }
}

function named(deployments: readonly Deployment[], version: string): Deployment | null {
  return deployments.find(({ metadata }) => metadata.annotations?.[marks.version] === version) ?? null;
}

function stays(service: string, version: string, why: string): never {
  return fail({ code: 'check.refused', what: `${version} is not stopped`, why, touched: 'no', next: `sofare status ${service}` });
}

function noImage(version: string): never {
  return fail({
    code: 'target.refused',
    what: `${version} cannot run in a cluster`,
    why: 'it has no image by digest, and files that are stored here are seen by no pod',
    touched: 'no',
    next: `sofare register VERSION --image REPOSITORY@sha256:DIGEST`,
  });
}

function notOurs(name: string, namespace: string): never {
  return fail({
    code: 'target.refused',
    what: `Deployment ${name} in namespace ${namespace} is somebody else's`,
    why: `it has the name of a version, and no label ${marks.service} of this service`,
    touched: 'no',
    next: `kubectl -n ${namespace} get deployment ${name} -o yaml`,
  });
}
