import { fail } from '../../../model/errors.ts';
import type { VersionObservation } from '../../../model/observation.ts';

/**
 * A version that was put to rest a moment ago still has its copies, and loses them a moment later, also when more are wanted again by then: so
 * they go first. Refused as something that passes.
 */
export function requireStopped(service: string, version: VersionObservation | undefined): void {
  if (!version || version.wanted > 0) return;
  fail({
    code: 'target.changed',
    what: `${version.version} cannot be brought up yet`,
    why: `it was put to rest, and ${version.copies.length} of its copies are still being stopped`,
    touched: 'no',
    next: `sofare status ${service}`,
  });
}
