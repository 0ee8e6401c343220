import type { Manifest } from './api.ts';

/** Whether every pod of a Deployment is of its last revision, and ready. */
export function isRolledOut({ metadata, spec, status }: Manifest): boolean {
  const { observedGeneration, updatedReplicas, readyReplicas, replicas } = status ?? {};
  return (
    observedGeneration === metadata['generation'] &&
    [updatedReplicas, readyReplicas, replicas].every((each) => each === spec.replicas)
  );
}
