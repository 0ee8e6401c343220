import type { Bundle, ModelVersion, StatusChange, VersionStatus } from '../model/version.ts';
import { assertChecksum, checksumOf } from '../store/checksum.ts';
import type { VersionsTable } from '../store/tables.ts';
import { fromExactJson, toExactJson } from './exact-json.ts';

/** Who changed the status of a version, when and why. */
export interface StatusChanged {
  readonly at: number;
  readonly change: StatusChange;
  readonly actor: string;
  readonly reason: string;
}

/** A version as it lies in the database: with the changes of its status, oldest first. */
export interface KeptVersion {
  readonly version: ModelVersion;
  readonly changes: readonly StatusChanged[];
}

type Details = Pick<
  ModelVersion,
  'metrics' | 'parameters' | 'run' | 'changelog' | 'breakingChanges' | 'deprecations' | 'actor' | 'reason'
> & { readonly changes: readonly StatusChanged[] };

export function rowOfVersion({ version, changes }: KeptVersion): VersionsTable {
  const { metrics, parameters, run, changelog, breakingChanges, deprecations, actor, reason } = version;
  const details: Details = { metrics, parameters, run, changelog, breakingChanges, deprecations, actor, reason, changes };
  const row = {
    model: version.model,
    version: version.version,
    status: version.status,
    bundle: JSON.stringify(version.bundle),
    bundle_digest: version.bundleDigest,
    details: toExactJson(details),
    created_at: version.createdAt,
    released_at: version.releasedAt,
    deprecated_at: version.deprecatedAt,
  };
  return { ...row, checksum: checksumOf(summed(row)) };
}

/** Fails with registry.damaged when the row differs from its checksum. */
export function versionOfRow(row: VersionsTable): KeptVersion {
  assertChecksum(`version ${row.version} of model ${row.model}`, summed(row), row.checksum);
  const { changes, ...told } = fromExactJson(row.details) as Details;
  return {
    changes,
    version: {
      model: row.model,
      version: row.version,
      status: row.status as VersionStatus,
      bundle: JSON.parse(row.bundle) as Bundle,
      bundleDigest: row.bundle_digest,
      ...told,
      createdAt: row.created_at,
      releasedAt: row.released_at,
      deprecatedAt: row.deprecated_at,
    },
  };
}

function summed(row: Omit<VersionsTable, 'checksum'>): readonly (string | number | null)[] {
  const { model, version, status, bundle, bundle_digest, details, created_at, released_at, deprecated_at } = row;
  return [model, version, status, bundle, bundle_digest, details, created_at, released_at, deprecated_at];
}
