import { createHash } from 'node:crypto';
import { fail, type Problem } from '../model/errors.ts';
import type { SavedService } from './saved-service.ts';

export interface Fenced {
  readonly fence: number;
}

/** A write that was let in: what is to be remembered of it, and whether it was done before. */
export interface Admitted {
  readonly fence: number;
  readonly done: readonly string[];
  readonly repeated: boolean;
}

/**
 * Refuses a fence below the highest seen. A write that was done under the present fence is known by its key and content, so that a
 * delayed copy of it changes nothing back.
 */
export function admit(service: string, saved: SavedService, request: Fenced & { readonly key: string }): Admitted {
  requireFence(service, saved, request.fence);
  requireHolder(service, saved, request);
  const mark = `${request.key} ${createHash('sha256').update(JSON.stringify(request)).digest('base64url').slice(0, 22)}`;
  const done = request.fence > saved.fence ? [] : saved.done;
  const repeated = done.includes(mark);
  return { fence: request.fence, done: repeated ? done : [...done, mark], repeated };
}

/**
 * Two controllers with databases of their own may count to the same fence. The record says which of them has it: writes of any other
 * operation under that fence are refused. A key begins with the operation that writes; stopping what nobody needs is no operation's.
 */
function requireHolder(service: string, { record }: SavedService, { fence, key }: Fenced & { readonly key: string }): void {
  const { value } = record;
  const [writer] = key.split('/');
  if (value?.fence !== fence || !value.operation || writer === value.operation.id || writer === 'retire') return;
  fail(
    refusal(
      'superseded',
      `operation ${writer} does not hold fence ${fence}`,
      `operation ${value.operation.id} was the first to claim it`,
      `sofare status ${service}`,
    ),
  );
}

export function requireFence(service: string, saved: SavedService, fence: number): void {
  if (fence >= saved.fence) return;
  fail(
    refusal(
      'superseded',
      `fence ${fence} is below ${saved.fence}`,
      `another controller has the service ${service} now`,
      `sofare status ${service}`,
    ),
  );
}

export function refusal(
  code: 'usage' | 'superseded' | 'target.not-ready' | 'check.refused' | 'bug',
  what: string,
  why: string,
  next: string,
): Problem {
  return { code, what, why, touched: 'no', next };
}
