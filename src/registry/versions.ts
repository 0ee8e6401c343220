import { fail } from '../model/errors.ts';
import type { ModelVersion } from '../model/version.ts';
import { hotQuery } from '../store/hot-query.ts';
import type { Readable } from '../store/store.ts';
import { nearest } from './nearest.ts';
import { compareSemver } from './semver.ts';
import { type KeptVersion, type StatusChanged, versionOfRow } from './version-row.ts';

export async function findVersion(database: Readable, model: string, version: string): Promise<ModelVersion | null> {
  return (await findKept(database, model, version))?.version ?? null;
}

/** Fails with version.unknown, which names the versions most like it. */
export async function requireVersion(database: Readable, model: string, version: string): Promise<ModelVersion> {
  return (await requireKept(database, model, version)).version;
}

/** Who changed the version's status, oldest first. */
export async function statusChanges(database: Readable, model: string, version: string): Promise<readonly StatusChanged[]> {
  return (await requireKept(database, model, version)).changes;
}

export async function requireKept(database: Readable, model: string, version: string): Promise<KeptVersion> {
  const found = await findKept(database, model, version);
  if (found !== null) return found;
  const known = (await versionNames(database, model)).toSorted((a, b) => compareSemver(b, a));
  const near = nearest(known, version);
  return fail({
    code: 'version.unknown',
    what: `model ${model} has no version ${version}`,
    why: reasonUnknown(known, near),
    touched: 'no',
    next: 'sofare list',
  });
}

export interface VersionRange {
  readonly limit?: number;
  /** Only versions registered before this one: the next page. */
  readonly after?: string;
}

/** Newest registered first. */
export async function listVersions(
  database: Readable,
  model: string,
  range: VersionRange = {},
): Promise<readonly ModelVersion[]> {
  let query = database
    .selectFrom('versions')
    .selectAll()
    .where('model', '=', model)
    .orderBy('created_at', 'desc')
    .orderBy('version', 'desc');
  if (range.after !== undefined) {
    const { version, createdAt } = await requireVersion(database, model, range.after);
    query = query.where(({ eb, or, and }) =>
      or([eb('created_at', '<', createdAt), and([eb('created_at', '=', createdAt), eb('version', '<', version)])]),
    );
  }
  if (range.limit !== undefined) query = query.limit(range.limit);
  return (await query.execute()).map((row) => versionOfRow(row).version);
}

/** The names alone, in no order. */
export async function versionNames(database: Readable, model: string): Promise<readonly string[]> {
  return (await database.selectFrom('versions').select('version').where('model', '=', model).execute()).map((row) => row.version);
}

const versionByName = hotQuery((database) =>
  database.selectFrom('versions').selectAll().where('model', '=', '').where('version', '=', ''),
);

async function findKept(database: Readable, model: string, version: string): Promise<KeptVersion | null> {
  const [row] = await versionByName(database, [model, version]);
  return row === undefined ? null : versionOfRow(row);
}

function reasonUnknown(known: readonly string[], near: readonly string[]): string {
  if (known.length === 0) return 'the model has no version yet';
  return near.length > 0 ? `the nearest are ${near.join(', ')}` : `the newest are ${known.slice(0, 3).join(', ')}`;
}
