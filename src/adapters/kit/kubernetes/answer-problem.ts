import type { Problem } from '../../../model/errors.ts';
import type { ClusterAnswer } from './connection.ts';

/** What a refused request was about. */
export interface Asked {
  /** In words: `read Deployment fraud-1-2-0`. */
  readonly what: string;
  readonly namespace: string;
  readonly writes: boolean;
}

/** The `Status` document of an API server, as far as it is looked at. */
export interface ApiStatus {
  readonly message?: string;
  readonly reason?: string;
  readonly details?: {
    readonly kind?: string;
    readonly causes?: readonly { readonly reason?: string; readonly message?: string; readonly field?: string }[];
  };
}

/** What an answer that is no success means. Nothing that was sent is in it. */
export function answerProblem(answer: ClusterAnswer, { what, namespace, writes }: Asked): Problem {
  const status = statusOf(answer);
  const why = status?.message ?? `the API server answers ${answer.status}`;
  const cause = status?.details?.causes?.find(
    ({ reason }) => reason === 'NamespaceTerminating' || reason === 'FieldManagerConflict',
  );
  const problem = (code: Problem['code'], next: string, touched: Problem['touched'] = 'no'): Problem => ({
    code,
    what: `cannot ${what} in namespace ${namespace}`,
    why,
    touched,
    next,
  });
  if (answer.status === 401) return problem('target.denied', 'log in to the cluster again, then repeat the command');
  if (cause?.reason === 'NamespaceTerminating') return problem('target.refused', `kubectl get namespace ${namespace}`);
  if (cause?.reason === 'FieldManagerConflict')
    return problem('foreign-change', `${cause.message}: leave the field to one of the two`);
  if (answer.status === 409) return problem('target.changed', 'repeat the command');
  if (answer.status === 403 && /exceeded quota|quota/.test(why))
    return problem('target.refused', `kubectl -n ${namespace} describe quota`);
  if (answer.status === 403 && !isAdmission(status))
    return problem('target.denied', 'have the missing verb granted to this user (docs/kubernetes.md lists what is needed)');
  if (answer.status === 404)
    return problem(
      'target.missing',
      status?.details?.kind === 'namespaces' ? `kubectl get namespace ${namespace}` : 'kubectl api-resources',
    );
  if (answer.status === 429 || (answer.status === 503 && !writes)) return problem('target.unreachable', 'repeat the command');
  if (answer.status >= 500)
    return writes
      ? problem('outcome.unknown', 'sofare status', 'unknown')
      : problem('target.unreachable', 'repeat the command; kubectl get --raw /readyz says how the API server is');
  return problem('target.refused', 'change what was refused, then repeat the command');
}

export function statusOf({ body }: ClusterAnswer): ApiStatus | null {
  try {
    const document = JSON.parse(body) as { readonly kind?: string } | null;
    return document?.kind === 'Status' ? (document as ApiStatus) : null;
  } catch {
    return null;
  }
}

/** A webhook's or a policy's no: another rule would have to change, not what the user may. */
export function isAdmission(status: ApiStatus | null): boolean {
  return /^admission webhook|ValidatingAdmissionPolicy/.test(status?.message ?? '');
}
