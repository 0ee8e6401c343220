import semver from 'semver';
import { fail } from '../model/errors.ts';
import type { Transacted } from '../store/store.ts';
import { type Registered, type Registration, registerVersion } from './register.ts';
import { compareSemver, parseVersion } from './semver.ts';
import type { VersionBump } from './version-bump.ts';
import { versionNames } from './versions.ts';

export interface ReleaseRequest extends Omit<Registration, 'version' | 'draft'> {
  readonly bump: VersionBump;
  /** `rc.1` makes 1.3.0-rc.1, a draft. */
  readonly prerelease?: string;
}

/** Registers the version that comes next: a draft when it is a prerelease, else a candidate. */
export async function createRelease(transaction: Transacted, request: ReleaseRequest, at: number): Promise<Registered> {
  const { bump, prerelease, ...registration } = request;
  const latest = (await versionNames(transaction, request.model)).toSorted(compareSemver).at(-1) ?? null;
  const version = followingVersion(latest, bump, prerelease ?? null);
  return registerVersion(transaction, { ...registration, version, draft: prerelease !== undefined }, at);
}

/**
 * The version after `latest` by the rules of SemVer: a prerelease is followed by the release it announces, so 1.0.0-rc.1 by
 * 1.0.0, unless the bump is larger than what it announces. The first of all is 1.0.0.
 */
export function followingVersion(latest: string | null, bump: VersionBump, prerelease: string | null): string {
  const base = latest === null ? '1.0.0' : parseVersion(latest).inc(bump).version;
  if (prerelease === null) return base;
  const version = parseVersion(`${base}-${prerelease}`).version;
  if (latest !== null && semver.lte(version, latest)) {
    fail({
      code: 'version.invalid',
      what: `${version} does not come after ${latest}`,
      why: 'a new release must have a higher precedence than the latest',
      touched: 'no',
      next: `choose a prerelease after ${parseVersion(latest).prerelease.join('.')}`,
    });
  }
  return version;
}
