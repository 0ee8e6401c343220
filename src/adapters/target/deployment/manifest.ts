import type { ModelVersion } from '../../../model/version.ts';
import type { DeploymentTarget } from '../../../model/service.ts';
import { marks } from '../../kit/kubernetes/fence.ts';
import type { KubernetesObject } from '../../kit/kubernetes/kubernetes-object.ts';
import { versionLabel, versionObjectName } from '../../kit/kubernetes/version-names.ts';
import type { Container, PodTemplate, Variable } from './pod-template.ts';
import type { DeploymentTemplate } from './read-template.ts';

/** One version as it is to run. */
export interface VersionWrite {
  readonly service: string;
  readonly version: ModelVersion;
  /** Under which it runs: the version, or as model/fresh has it. */
  readonly name: string;
  readonly key: string;
  readonly fence: number;
}

/** The pods of a version: those of the template, with the version's image and environment. */
export function podTemplate(
  template: DeploymentTemplate,
  { container }: DeploymentTarget,
  { service, version, name }: Pick<VersionWrite, 'service' | 'version' | 'name'>,
): PodTemplate {
  const { metadata, spec } = template.pods;
  const own = container ?? spec.containers[0]?.name;
  return {
    metadata: {
      labels: { ...metadata?.labels, ...versionLabels(service, name) },
      annotations: { ...metadata?.annotations, [marks.version]: name, [marks.bundle]: version.bundleDigest },
    },
    spec: {
      ...spec,
      containers: spec.containers.map((each) => (each.name === own ? versionContainer(each, version) : each)),
    },
  };
}

function versionContainer(container: Container, { bundle }: ModelVersion): Container {
  const own: readonly Variable[] = Object.entries(bundle.environment).map(([name, value]) => ({ name, value }));
  const kept = (container.env ?? []).filter(({ name }) => bundle.environment[name] === undefined);
  const env = [...kept, ...own];
  return { ...container, ...(bundle.image === null ? {} : { image: bundle.image }), ...(env.length > 0 ? { env } : {}) };
}

/** The Deployment of a version. Without `replicas` their number stays somebody else's. What it was made of stands in an annotation. */
export function versionDeployment(
  template: DeploymentTemplate,
  target: DeploymentTarget,
  write: VersionWrite,
  {
    pods,
    replicas,
    resourceVersion,
  }: { readonly pods: PodTemplate; readonly replicas: number | null; readonly resourceVersion: string | null },
): KubernetesObject {
  const { service, version, name, key, fence } = write;
  const labels = versionLabels(service, name);
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: {
      name: versionObjectName(template.name, name),
      labels: { ...template.labels, ...labels },
      annotations: {
        ...template.annotations,
        [marks.version]: name,
        [marks.bundle]: version.bundleDigest,
        [marks.fence]: String(fence),
        [marks.key]: key,
        [marks.template]: JSON.stringify(pods),
        'kubernetes.io/change-cause': `sofare: ${name} by operation ${key.split('/')[0]}`,
      },
      // With it the server refuses the write when anybody has written meanwhile: also somebody with a higher fence.
      ...(resourceVersion === null ? {} : { resourceVersion }),
    },
    spec: {
      ...template.spec,
      ...(replicas === null ? {} : { replicas }),
      progressDeadlineSeconds: Math.ceil(target.readyWithin / 1000),
      selector: { matchLabels: labels },
      template: pods,
    },
  };
}

/** The Service of a version, for traffic that leads to Services. It goes when its Deployment goes. */
export function versionService(
  deployment: KubernetesObject,
  { port }: DeploymentTarget,
  { service, name, key, fence }: VersionWrite,
): KubernetesObject {
  const labels = versionLabels(service, name);
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: {
      name: deployment.metadata.name,
      labels,
      annotations: { [marks.version]: name, [marks.fence]: String(fence), [marks.key]: key },
      ownerReferences: [
        { apiVersion: 'apps/v1', kind: 'Deployment', name: deployment.metadata.name, uid: deployment.metadata.uid ?? '' },
      ],
    },
    spec: { selector: labels, ports: [{ name: 'http', port, targetPort: port }] },
  };
}

/** The pods of a version under another name of it: of fresh copies beside those that serve already. */
export function withVersionLabels(pods: PodTemplate, service: string, name: string): PodTemplate {
  const { metadata } = pods;
  return {
    ...pods,
    metadata: {
      labels: { ...metadata?.labels, ...versionLabels(service, name) },
      annotations: { ...metadata?.annotations, [marks.version]: name },
    },
  };
}

export function versionLabels(service: string, name: string): Readonly<Record<string, string>> {
  return { [marks.service]: service, [marks.version]: versionLabel(name) };
}
