import { fail, type Problem } from '../../../model/errors.ts';
import type { ServiceRecord } from '../../../model/service-record.ts';
import { requireFence } from '../../kit/kubernetes/fence.ts';
import type { Deployment } from './observed-versions.ts';

/**
 * Refuses a write under a fence lower than any that the service has seen, and one of another operation than the one to which the record
 * gives this fence: two controllers with databases of their own may count to the same. Stopping what nobody needs is no operation's.
 */
export function requireTurn(
  service: string,
  seen: { readonly deployments: readonly Deployment[]; readonly record: ServiceRecord | null },
  { key, fence }: { readonly key: string; readonly fence: number },
): void {
  for (const deployment of seen.deployments) requireFence(service, deployment, fence);
  const { record } = seen;
  if (record === null) return;
  if (fence < record.fence)
    fail(superseded(service, `fence ${fence} is below ${record.fence}`, 'another controller has the service now'));
  const [writer] = key.split('/');
  if (record.fence !== fence || !record.operation || writer === record.operation.id || writer === 'retire') return;
  const why = `operation ${record.operation.id} was the first to claim it`;
  fail(superseded(service, `operation ${writer} does not hold fence ${fence}`, why));
}

function superseded(service: string, what: string, why: string): Problem {
  return { code: 'superseded', what, why, touched: 'no', next: `sofare status ${service}` };
}
