import type { Writer } from '../../../model/writer.ts';
import type { KubernetesObject } from './kubernetes-object.ts';
import type { ObjectKind } from './object-kinds.ts';

/** What writes again by itself: its field managers, and for what it writes where the object says so. */
interface Controller {
  readonly managers: RegExp;
  readonly called: string;
  readonly by: (object: KubernetesObject) => Cause | null;
}

/** For what a GitOps controller writes an object: an object too, in a namespace of its own, that it can be told by to leave that alone. */
export interface Cause {
  readonly called: string;
  readonly pause: string;
  readonly kind: ObjectKind;
  readonly namespace: string;
  readonly name: string;
}

export const gitopsKinds = {
  application: { apiVersion: 'argoproj.io/v1alpha1', kind: 'Application', plural: 'applications' },
  kustomization: { apiVersion: 'kustomize.toolkit.fluxcd.io/v1', kind: 'Kustomization', plural: 'kustomizations' },
  helmRelease: { apiVersion: 'helm.toolkit.fluxcd.io/v2', kind: 'HelmRelease', plural: 'helmreleases' },
} as const satisfies Record<string, ObjectKind>;

const controllers: readonly Controller[] = [
  { managers: /^argocd(?:-application)?-controller$/, called: 'Argo CD', by: argoApplication },
  {
    managers: /^kustomize-controller$/,
    called: 'Flux',
    by: (object) => fluxOwner(object, 'kustomize', gitopsKinds.kustomization),
  },
  { managers: /^helm-controller$/, called: 'Flux', by: (object) => fluxOwner(object, 'helm', gitopsKinds.helmRelease) },
  { managers: /^(?:rollouts-controller|argo-rollouts)$/, called: 'Argo Rollouts', by: () => null },
  { managers: /^flagger$/, called: 'Flagger', by: () => null },
  { managers: /^keda/, called: 'KEDA', by: () => null },
];

/** Of people and of what is run once. */
const past = /^(?:kubectl\b.*|helm|terraform|pulumi|k9s|lens)/i;

/**
 * Who else has written the object, as its managed fields and the marks of GitOps controllers tell. Those that write again come first; what
 * is known as neither is taken for one of them if it declares what it wants (server-side apply), and not if it wrote as a script does. A
 * controller that writes only the status is nobody here.
 */
export function writersOf(object: KubernetesObject): readonly Writer[] {
  const others = (object.metadata.managedFields ?? []).filter(
    ({ manager, subresource, fieldsV1 }) => manager && manager !== 'sofare' && subresource !== 'status' && ownsSpec(fieldsV1),
  );
  const managers = others.map(({ manager = '' }) => manager);
  const known = controllers.filter(({ managers: names, by }) => by(object) || managers.some((manager) => names.test(manager)));
  const unknown = managers.filter((manager) => !known.some(({ managers: names }) => names.test(manager)));
  const applies = (manager: string): boolean =>
    !past.test(manager) && others.some((each) => each.manager === manager && each.operation === 'Apply');
  return [
    ...known.map(({ called, by }) => writer(called, by(object))),
    ...[...new Set(unknown)].map((manager) => ({ called: manager, active: applies(manager), pause: null })),
  ].toSorted((one, two) => Number(two.active) - Number(one.active));
}

function writer(called: string, cause: Cause | null): Writer {
  return { called: cause ? `${called} (${cause.called})` : called, active: true, pause: cause?.pause ?? null };
}

/** Whether a field manager wrote because a person told it to, once: what it wrote stays until somebody writes again. */
export function wroteOnce(manager: string): boolean {
  return past.test(manager);
}

function ownsSpec(fields: Readonly<Record<string, unknown>> | undefined): boolean {
  return fields?.['f:spec'] !== undefined;
}

/** For what GitOps controllers write the object, as its marks say. */
export function causesOf(object: KubernetesObject): readonly Cause[] {
  return controllers.map(({ by }) => by(object)).filter((cause) => cause !== null);
}

/** `APPLICATION:GROUP/KIND:NAMESPACE/NAME`, or the older label. An application outside of Argo CD's namespace is `NAMESPACE_NAME`. */
function argoApplication({ metadata }: KubernetesObject): Cause | null {
  const tracked = metadata.annotations?.['argocd.argoproj.io/tracking-id']?.split(':')[0];
  const application = tracked ?? metadata.labels?.['argocd.argoproj.io/instance'];
  if (application === undefined) return null;
  const [namespace, name] = application.includes('_') ? (application.split('_') as [string, string]) : ['argocd', application];
  return {
    called: `application ${application}`,
    pause: `argocd app set ${application.replace('_', '/')} --sync-policy none`,
    kind: gitopsKinds.application,
    namespace,
    name,
  };
}

function fluxOwner({ metadata }: KubernetesObject, group: 'kustomize' | 'helm', kind: ObjectKind): Cause | null {
  const mark = (what: string): string => metadata.labels?.[`${group}.toolkit.fluxcd.io/${what}`] ?? '';
  const [name, namespace] = [mark('name'), mark('namespace')];
  if (name === '') return null;
  return {
    called: `${kind.kind} ${namespace}/${name}`,
    pause: `flux suspend ${kind.kind.toLowerCase()} ${name} -n ${namespace}`,
    kind,
    namespace,
    name,
  };
}
