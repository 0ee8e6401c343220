import type { IdentityGrade, Serving } from '../model/service.ts';
import { reaches } from '../model/service.ts';
import type { Problem } from '../model/errors.ts';
import type { TargetObservation, TrafficObservation } from '../model/observation.ts';
import type { Probe } from '../ports/probe.ts';
import { atPath } from '../model/json-path.ts';

/** Requests sent through the traffic path to hear which version answers. */
export const identityRequests = 10;

export interface IdentitySituation {
  readonly version: string;
  readonly bundleDigest: string;
  readonly serving: Serving;
  readonly target: TargetObservation;
  readonly traffic: TrafficObservation;
}

export interface IdentityFound {
  readonly grade: IdentityGrade;
  readonly copies: number;
  readonly requests: number;
  /** Why no better grade was reached, or null at `answered`. */
  readonly short: string | null;
}

/**
 * How surely the version answers behind the endpoint. answered: every copy named it, and every request through the traffic path was
 * answered by it. routed: the requests were, but not every copy was asked. declared: all copies carry its digest.
 */
export async function findIdentity(situation: IdentitySituation, probe: Probe, signal: AbortSignal): Promise<IdentityFound> {
  const { version, bundleDigest, serving, target, traffic } = situation;
  const copies = target.versions[version]?.copies.filter((copy) => copy.ready) ?? [];
  const none = (short: string): IdentityFound => ({ grade: 'none', copies: copies.length, requests: 0, short });
  if (copies.length === 0) return none(`no copy of ${version} is ready`);
  if (traffic.weights[version] !== 100) return none(`${version} has ${traffic.weights[version] ?? 0} % of the traffic`);
  const [besides] = traffic.besides ?? [];
  if (besides !== undefined) return none(besides);
  if (target.versions[version]?.bundleDigest !== bundleDigest) return none(`the copies of ${version} carry another digest`);
  if (!serving.identity)
    return { grade: 'declared', copies: copies.length, requests: 0, short: 'no identity is configured to ask for' };
  if (traffic.address === null)
    return { grade: 'declared', copies: copies.length, requests: 0, short: 'nothing listens on the traffic path' };
  for (let request = 0; request < identityRequests; request += 1) {
    const answer = await probe.get(`${traffic.address}${serving.identity.http}`, 2_000, signal);
    const named = answer.answered && answer.status === 200 ? atPath(answer.body, serving.identity.json) : null;
    if (named !== version) {
      const heard = !answer.answered
        ? answer.why
        : answer.status !== 200
          ? `status ${answer.status}`
          : `${named ?? 'no version'}`;
      return {
        grade: 'declared',
        copies: copies.length,
        requests: request,
        short: `asked through the traffic path, the answer was: ${heard}`,
      };
    }
  }
  const silent = copies.find((copy) => copy.identity !== version);
  const requests = identityRequests;
  return silent
    ? {
        grade: 'routed',
        copies: copies.length,
        requests,
        short: `copy ${silent.id} calls itself ${silent.identity ?? 'nothing'}`,
      }
    : { grade: 'answered', copies: copies.length, requests, short: null };
}

export function unconfirmed(version: string, least: IdentityGrade, found: IdentityFound): Problem | null {
  if (reaches(found.grade, least)) return null;
  return {
    code: 'unverified',
    what: `the endpoint did not confirm ${version}`,
    why: `${found.short ?? 'unknown'}; identity is ${found.grade}, ${least} is wanted`,
    touched: 'yes',
    next: 'sofare status',
  };
}
