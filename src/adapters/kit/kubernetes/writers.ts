import type { Writer } from '../../../model/writer.ts';
import type { KubernetesObject } from './kubernetes-object.ts';

/** What writes again by itself: its field managers, and for what it writes where the object says so. */
interface Controller {
  readonly managers: RegExp;
  readonly called: string;
  readonly by: (object: KubernetesObject) => Cause | null;
}

interface Cause {
  readonly called: string;
  readonly pause: string;
}

const controllers: readonly Controller[] = [
  { managers: /^argocd(?:-application)?-controller$/, called: 'Argo CD', by: argoApplication },
  { managers: /^kustomize-controller$/, called: 'Flux', by: (object) => fluxOwner(object, 'kustomize', 'Kustomization') },
  { managers: /^helm-controller$/, called: 'Flux', by: (object) => fluxOwner(object, 'helm', 'HelmRelease') },
  { managers: /^(?:rollouts-controller|argo-rollouts)$/, called: 'Argo Rollouts', by: () => null },
  { managers: /^flagger$/, called: 'Flagger', by: () => null },
  { managers: /^keda/, called: 'KEDA', by: () => null },
];

/** Of people and of what is run once. */
const past = /^(?:kubectl\b.*|helm|terraform|pulumi|k9s|lens)/i;

/**
 * Who else has written the object, as its managed fields and the marks of GitOps controllers tell. Those that write again come first; what
 * is neither known as one of them nor as past is taken for one of them. A controller that writes only the status is nobody here.
 */
export function writersOf(object: KubernetesObject): readonly Writer[] {
  const managers = (object.metadata.managedFields ?? [])
    .filter(
      ({ manager, subresource, fieldsV1 }) => manager && manager !== 'sofare' && subresource !== 'status' && ownsSpec(fieldsV1),
    )
    .map(({ manager = '' }) => manager);
  const known = controllers.filter(({ managers: names, by }) => by(object) || managers.some((manager) => names.test(manager)));
  const other = managers.filter((manager) => !known.some(({ managers: names }) => names.test(manager)));
  return [
    ...known.map(({ called, by }) => writer(called, by(object))),
    ...[...new Set(other)].map((manager) => ({ called: manager, active: !past.test(manager), pause: null })),
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

/** `APPLICATION:GROUP/KIND:NAMESPACE/NAME`, or the older label. */
function argoApplication({ metadata }: KubernetesObject): Cause | null {
  const tracked = metadata.annotations?.['argocd.argoproj.io/tracking-id']?.split(':')[0];
  const application = tracked ?? metadata.labels?.['argocd.argoproj.io/instance'];
  if (application === undefined) return null;
  return { called: `application ${application}`, pause: `argocd app set ${application} --sync-policy none` };
}

function fluxOwner({ metadata }: KubernetesObject, group: 'kustomize' | 'helm', kind: string): Cause | null {
  const mark = (what: string): string => metadata.labels?.[`${group}.toolkit.fluxcd.io/${what}`] ?? '';
  const [name, namespace] = [mark('name'), mark('namespace')];
  if (name === '') return null;
  return { called: `${kind} ${namespace}/${name}`, pause: `flux suspend ${kind.toLowerCase()} ${name} -n ${namespace}` };
}
