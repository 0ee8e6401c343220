import { fail } from '../model/errors.ts';
import type { PastRevision } from '../ports/past.ts';
import { parseVersion } from '../registry/semver.ts';

export interface NamedRevision {
  readonly past: PastRevision;
  readonly version: string;
}

export interface NamedRevisions {
  /** Oldest first; the last one serves. */
  readonly named: readonly NamedRevision[];
  readonly left: readonly LeftRevision[];
}

/** A revision that becomes no version, and why. */
export interface LeftRevision {
  readonly revision: number;
  readonly why: string;
}

/**
 * Which revision is which version: as the person says, else as its labels or tag say. Of two that say the same the later one is it. What
 * could not come back as it was is left out; that what serves can be named is what all is about, so without it this fails.
 */
export function nameRevisions(
  revisions: readonly PastRevision[],
  serving: string,
  given: Readonly<Record<string, string>>,
): NamedRevisions {
  const unknown = Object.keys(given).find((revision) => !revisions.some((each) => String(each.revision) === revision));
  if (unknown !== undefined) noSuchRevision(unknown, revisions);
  const current = revisions.at(-1);
  const taken = new Map<string, number>();
  const left: LeftRevision[] = [];
  const named: NamedRevision[] = [];
  for (const past of revisions.toReversed()) {
    const { revision, lacks } = past;
    const own = revision === current?.revision ? serving : (given[revision] ?? past.called);
    const other = own === null ? undefined : taken.get(own);
    if (lacks !== null) left.push({ revision, why: lacks });
    else if (own === null)
      left.push({ revision, why: `neither labels nor tag name a version; --revision ${revision}=VERSION does` });
    else if (other !== undefined && other !== revision)
      left.push({ revision, why: `revision ${other} is ${own} too; --revision ${revision}=VERSION tells them apart` });
    else {
      parseVersion(own);
      taken.set(own, revision);
      named.unshift({ past, version: own });
    }
  }
  if (!current || named.at(-1)?.past !== current) cannotBeNamed(serving, current?.lacks ?? 'it has no revision');
  return {
    named,
    left: left.toReversed().filter(({ revision }, at, all) => all.findIndex((each) => each.revision === revision) === at),
  };
}

function noSuchRevision(revision: string, revisions: readonly PastRevision[]): never {
  return fail({
    code: 'version.unknown',
    what: `there is no revision ${revision} any more`,
    why: `there is: ${revisions.map((each) => each.revision).join(', ')}`,
    touched: 'no',
    next: 'leave it out',
  });
}

function cannotBeNamed(version: string, why: string): never {
  return fail({
    code: 'target.refused',
    what: `what serves cannot be adopted as ${version}`,
    why,
    touched: 'no',
    next: 'wait until its pods run, then repeat the command',
  });
}
