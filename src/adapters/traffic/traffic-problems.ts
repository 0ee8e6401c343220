import { fail } from '../../model/errors.ts';
import type { Weights } from '../../model/observation.ts';

export function requireShares(service: string, weights: Weights): void {
  const sum = Object.values(weights).reduce((total, share) => total + share, 0);
  if (Math.abs(sum - 100) <= 1e-9 && Object.values(weights).every((share) => share >= 0)) return;
  fail({
    code: 'usage',
    what: `the weights of ${service} sum to ${sum}`,
    why: 'shares sum to 100: a route is never left without a destination',
    touched: 'no',
    next: 'name every version with its share',
  });
}

export function requireReady(service: string, weights: Weights, isReady: (version: string) => boolean): void {
  const unready = Object.keys(weights).find((version) => (weights[version] ?? 0) > 0 && !isReady(version));
  if (unready === undefined) return;
  fail({
    code: 'target.not-ready',
    what: `${unready} has no ready copy`,
    why: 'traffic never points at a version that is not ready',
    touched: 'no',
    next: `sofare logs ${service}`,
  });
}

export function noSuchObject(kind: string, name: string, namespace: string): never {
  return fail({
    code: 'target.missing',
    what: `there is no ${kind} ${name} in namespace ${namespace}`,
    why: 'traffic goes through it, and it is never made here',
    touched: 'no',
    next: `kubectl -n ${namespace} get ${kind.toLowerCase()}`,
  });
}

/** Nothing was written. Whoever wanted to looks again, and writes only if what stands there now is still his to change. */
export function changedMeanwhile(kind: string, name: string): never {
  return fail({
    code: 'target.changed',
    what: `${kind} ${name} was changed at the same moment`,
    why: 'it is no longer as it was read, so nothing was written',
    touched: 'no',
    next: 'repeat the command',
  });
}
