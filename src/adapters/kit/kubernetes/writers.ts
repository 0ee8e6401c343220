import type { Writer } from '../../../model/writer.ts';
import type { KubernetesObject } from './kubernetes-object.ts';

/** Field managers of what writes again by itself. `by`: where it says on the object for what it does so. */
const active: readonly {
  readonly managers: RegExp;
  readonly called: string;
  readonly by: (object: KubernetesObject) => string;
}[] = [
  { managers: /^argocd(?:-application)?-controller$/, called: 'Argo CD', by: argoApplication },
  { managers: /^kustomize-controller$/, called: 'Flux', by: (object) => fluxOwner(object, 'kustomize', 'Kustomization') },
  { managers: /^helm-controller$/, called: 'Flux', by: (object) => fluxOwner(object, 'helm', 'HelmRelease') },
  { managers: /^(?:rollouts-controller|argo-rollouts)$/, called: 'Argo Rollouts', by: () => '' },
  { managers: /^flagger$/, called: 'Flagger', by: () => '' },
  { managers: /^keda/, called: 'KEDA', by: () => '' },
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
  const known = active.filter(({ managers: names, by }) => managers.some((manager) => names.test(manager)) || by(object) !== '');
  const other = managers.filter((manager) => !known.some(({ managers: names }) => names.test(manager)));
  const called = (name: string, what: string): string => (what === '' ? name : `${name} (${what})`);
  return [
    ...known.map(({ called: name, by }) => ({ called: called(name, by(object)), active: true })),
    ...[...new Set(other)].map((manager) => ({ called: manager, active: !past.test(manager) })),
  ].toSorted((one, two) => Number(two.active) - Number(one.active));
}

function ownsSpec(fields: Readonly<Record<string, unknown>> | undefined): boolean {
  return fields?.['f:spec'] !== undefined;
}

/** `APPLICATION:GROUP/KIND:NAMESPACE/NAME`, or the older label. */
function argoApplication({ metadata }: KubernetesObject): string {
  const tracked = metadata.annotations?.['argocd.argoproj.io/tracking-id']?.split(':')[0];
  const application = tracked ?? metadata.labels?.['argocd.argoproj.io/instance'];
  return application === undefined ? '' : `application ${application}`;
}

function fluxOwner({ metadata }: KubernetesObject, group: 'kustomize' | 'helm', kind: string): string {
  const mark = (what: string): string | undefined => metadata.labels?.[`${group}.toolkit.fluxcd.io/${what}`];
  return mark('name') === undefined ? '' : `${kind} ${mark('namespace') ?? ''}/${mark('name')}`;
}
