import type { Tenure } from '../model/history.ts';
import type { Weights } from '../model/observation.ts';
import type { ModelVersion } from '../model/version.ts';

/** What one service needs kept of its model. */
export interface ServiceNeeds {
  readonly service: string;
  readonly pointer: string | null;
  readonly weights: Weights;
  /** Newest first. */
  readonly tenures: readonly Tenure[];
  readonly knownGood: (tenure: Tenure) => boolean;
  /** How many known-good versions to go back to, beside the one in production. */
  readonly keep: number;
  /** Versions that an operation that has not ended, or a task, names. */
  readonly reachable: ReadonlySet<string>;
}

export interface Retention {
  /** Why each version is kept. */
  readonly kept: ReadonlyMap<string, readonly string[]>;
  /** Nothing needs their files any more. */
  readonly removable: readonly string[];
}

/**
 * Which versions of a model must keep their files. All services of the model have to be given: what one needs, none may remove.
 */
export function retention(
  versions: readonly Pick<ModelVersion, 'version' | 'status'>[],
  services: readonly ServiceNeeds[],
): Retention {
  const reasons = new Map<string, string[]>();
  const keep = (version: string, reason: string): void => {
    reasons.set(version, [...(reasons.get(version) ?? []), reason]);
  };
  for (const { service, pointer, weights, tenures, knownGood, keep: most, reachable } of services) {
    if (pointer !== null) keep(pointer, `in production in ${service}`);
    for (const [version, share] of Object.entries(weights)) if (share > 0) keep(version, `has ${share} % in ${service}`);
    for (const version of reachable) keep(version, `an operation or task of ${service} needs it`);
    const good = new Set(
      tenures
        .filter(({ version }) => version !== pointer)
        .filter(knownGood)
        .map(({ version }) => version),
    );
    for (const version of [...good].slice(0, most)) keep(version, `known good in ${service}`);
  }
  const served = new Set(services.flatMap(({ tenures }) => tenures.map(({ version }) => version)));
  for (const { version, status } of versions) {
    if (status !== 'deprecated' && !served.has(version)) keep(version, 'registered and not served yet');
  }
  return { kept: reasons, removable: versions.map(({ version }) => version).filter((version) => !reasons.has(version)) };
}
