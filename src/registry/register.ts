import { fail } from '../model/errors.ts';
import { type Bundle, type ModelVersion, nextStatus, type StatusChange } from '../model/version.ts';
import type { Transacted } from '../store/store.ts';
import { bundleDigest } from './bundle.ts';
import { requireName } from './names.ts';
import { parseVersion } from './semver.ts';
import { rowOfVersion } from './version-row.ts';
import { requireKept, requireVersion } from './versions.ts';

export interface Registration {
  readonly model: string;
  readonly version: string;
  /** A draft has to be promoted to candidate before it can be deployed. */
  readonly draft: boolean;
  readonly bundle: Bundle;
  readonly metrics?: ModelVersion['metrics'];
  readonly parameters?: ModelVersion['parameters'];
  readonly run?: string | null;
  readonly changelog?: string;
  readonly breakingChanges?: readonly string[];
  readonly deprecations?: readonly string[];
  readonly actor: string;
  readonly reason: string;
}

export interface Registered {
  readonly version: ModelVersion;
  /** False when it had been registered before with the same bundle: that one is returned unchanged. */
  readonly created: boolean;
}

/** Fails with version.invalid, name.invalid, or version.exists when the version is there with another bundle. */
export async function registerVersion(transaction: Transacted, registration: Registration, at: number): Promise<Registered> {
  const { model, version, draft, bundle, actor, reason } = registration;
  requireName('model', model);
  parseVersion(version);
  const wanted: ModelVersion = {
    model,
    version,
    status: draft ? 'draft' : 'candidate',
    bundle,
    bundleDigest: bundleDigest(bundle),
    metrics: registration.metrics ?? {},
    parameters: registration.parameters ?? {},
    run: registration.run ?? null,
    changelog: registration.changelog ?? '',
    breakingChanges: registration.breakingChanges ?? [],
    deprecations: registration.deprecations ?? [],
    createdAt: at,
    releasedAt: null,
    deprecatedAt: null,
    actor,
    reason,
  };
  const inserted = await transaction
    .insertInto('versions')
    .values(rowOfVersion({ version: wanted, changes: [] }))
    .onConflict((conflict) => conflict.columns(['model', 'version']).doNothing())
    .returning('version')
    .executeTakeFirst();
  if (inserted !== undefined) return { version: wanted, created: true };
  const present = await requireVersion(transaction, model, version);
  if (present.bundleDigest === wanted.bundleDigest) return { version: present, created: false };
  return fail({
    code: 'version.exists',
    what: `version ${version} of model ${model} is registered with other content`,
    why: `its bundle is ${present.bundleDigest}, this one is ${wanted.bundleDigest}; what a version means never changes`,
    touched: 'no',
    next: 'register the new content under the next version',
  });
}

export interface ChangedBy {
  readonly actor: string;
  readonly reason: string;
  readonly at: number;
}

/** Moves the status as the one transition table allows, else fails with version.status. Who and why is kept with the version. */
export async function changeStatus(
  transaction: Transacted,
  model: string,
  version: string,
  change: StatusChange,
  { actor, reason, at }: ChangedBy,
): Promise<ModelVersion> {
  const kept = await requireKept(transaction, model, version);
  const status = nextStatus(kept.version.status, change);
  if (status === null) {
    return fail({
      code: 'version.status',
      what: `version ${version} of model ${model} is ${kept.version.status}`,
      why: `${change} is not possible from ${kept.version.status}`,
      touched: 'no',
      next: `sofare show ${version}`,
    });
  }
  const changed: ModelVersion = {
    ...kept.version,
    status,
    releasedAt: status === 'released' ? at : kept.version.releasedAt,
    deprecatedAt: status === 'deprecated' ? at : kept.version.deprecatedAt,
  };
  const {
    model: _model,
    version: _version,
    ...columns
  } = rowOfVersion({
    version: changed,
    changes: [...kept.changes, { at, change, actor, reason }],
  });
  await transaction.updateTable('versions').set(columns).where('model', '=', model).where('version', '=', version).execute();
  return changed;
}
