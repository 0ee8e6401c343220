import { ProblemError } from '../../../model/errors.ts';
import type { ClusterClient } from '../../kit/kubernetes/cluster-client.ts';
import type { KubernetesObject } from '../../kit/kubernetes/kubernetes-object.ts';
import { wroteOnce } from '../../kit/kubernetes/writers.ts';

/**
 * Writes an object that is ours alone. What a person has edited in it becomes again what was asked for; what another controller holds is
 * left to it, and named: it would write again.
 */
export async function applyAsOurs(
  cluster: ClusterClient,
  object: KubernetesObject,
  signal: AbortSignal,
): Promise<KubernetesObject> {
  try {
    return await cluster.apply(object, signal);
  } catch (error) {
    if (!(error instanceof ProblemError) || error.problem.code !== 'foreign-change') throw error;
    const managers = [...error.problem.why.matchAll(/conflicts? with "([^"]*)"/g)].map(([, manager]) => manager ?? '');
    const gone = managers.every((manager) => manager === 'sofare' || wroteOnce(manager));
    if (managers.length === 0 || !gone) throw error;
    return cluster.apply(object, signal, 'force');
  }
}
