import type { ManagedFields } from '../../kit/kubernetes/kubernetes-object.ts';
import type { Deployment } from './observed-versions.ts';

/** Who else wrote the number of copies last: an autoscaler, or somebody by `kubectl scale`. Null: nobody but us. */
export function scaledBy({ metadata }: Deployment): string | null {
  const other = metadata.managedFields?.find((entry) => entry.manager !== 'sofare' && writesReplicas(entry));
  return other?.manager ?? null;
}

/**
 * How many copies to write. Where somebody else scales the Deployment their number stays, as long as it is enough: null. Where it is not,
 * ours is the beginning from which they scale on.
 */
export function replicasToWrite(deployment: Deployment | null, wanted: number): number | null {
  if (deployment === null || scaledBy(deployment) === null) return wanted;
  return (deployment.spec?.replicas ?? 1) >= wanted ? null : wanted;
}

function writesReplicas({ fieldsV1 }: ManagedFields): boolean {
  const spec = fieldsV1?.['f:spec'] as Readonly<Record<string, unknown>> | undefined;
  return spec?.['f:replicas'] !== undefined;
}
