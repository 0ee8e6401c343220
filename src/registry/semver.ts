import semver from 'semver';
import { fail } from '../model/errors.ts';

/** Reads a SemVer 2.0 string exactly as written: no leading `v`, no spaces. Fails with version.invalid. */
export function parseVersion(text: string): semver.SemVer {
  const parsed = semver.parse(text);
  if (parsed !== null && written(parsed) === text) return parsed;
  return fail({
    code: 'version.invalid',
    what: `${JSON.stringify(text.length > 80 ? `${text.slice(0, 80)}...` : text)} is not a version`,
    why: 'a version is MAJOR.MINOR.PATCH with an optional -PRERELEASE and +BUILD, as SemVer 2.0 says, without a leading "v"',
    touched: 'no',
    next: parsed === null ? 'give a version such as 1.2.0 or 2.0.0-rc.1' : `did you mean ${written(parsed)}?`,
  });
}

/**
 * Total order of version strings: SemVer 2.0 precedence, then the text itself. Versions that differ only in build metadata
 * have equal precedence, yet are different keys, so 0 is returned for equal strings alone.
 */
export function compareSemver(a: string, b: string): number {
  const byPrecedence = parseVersion(a).compare(parseVersion(b));
  if (byPrecedence !== 0) return byPrecedence;
  return a < b ? -1 : a > b ? 1 : 0;
}

function written(version: semver.SemVer): string {
  return version.build.length === 0 ? version.version : `${version.version}+${version.build.join('.')}`;
}
