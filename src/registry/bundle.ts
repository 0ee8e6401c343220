import { createHash } from 'node:crypto';
import type { Artifact, Bundle } from '../model/version.ts';
import { fail } from '../model/errors.ts';

export const emptyBundle: Bundle = {
  artifacts: [],
  image: null,
  configuration: {},
  environment: {},
  schema: null,
  migrations: [],
};

/**
 * `sha256:<hex>` over the canonical form: what was put in which order does not matter, what is in it does. Migrations are the
 * exception: their order is part of what they mean.
 */
export function bundleDigest(bundle: Bundle): string {
  return `sha256:${createHash('sha256').update(canonicalBundle(bundle)).digest('hex')}`;
}

/** JSON with sorted keys and no spaces, artifacts by path or URI. Fails with artifact.refused on what cannot be pinned. */
export function canonicalBundle(bundle: Bundle): string {
  const { image, configuration, environment, schema, migrations } = bundle;
  const artifacts = bundle.artifacts.map(canonicalArtifact).sort((a, b) => compareText(nameOf(a), nameOf(b)));
  for (const [index, artifact] of artifacts.entries()) {
    const next = artifacts[index + 1];
    if (next !== undefined && nameOf(next) === nameOf(artifact)) refuse(nameOf(artifact), 'is in the bundle twice');
  }
  return canonicalJson({ artifacts, image, configuration, environment, schema, migrations });
}

/** Sorted keys at every depth, numbers as JavaScript writes them. What JSON cannot say is refused rather than dropped. */
export function canonicalJson(value: unknown): string {
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return JSON.stringify(value);
  if (typeof value === 'number' && Number.isFinite(value)) return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`;
  if (typeof value === 'object') {
    const entries = Object.entries(value).sort(([a], [b]) => compareText(a, b));
    return `{${entries.map(([key, entry]) => `${JSON.stringify(key)}:${canonicalJson(entry)}`).join(',')}}`;
  }
  return refuse(String(value), 'cannot be written as JSON');
}

function canonicalArtifact(artifact: Artifact): Artifact {
  const { digest, size } = artifact;
  if (!/^sha256:[0-9a-f]{64}$/.test(digest))
    refuse(nameOf(artifact), `has the digest ${digest}, not sha256: and 64 lower-case hex digits`);
  if (!Number.isSafeInteger(size) || size < 0) refuse(nameOf(artifact), `has the size ${size}, not a whole number of bytes`);
  return artifact.kind === 'stored'
    ? { kind: 'stored', path: artifact.path, digest, size }
    : { kind: 'referenced', uri: artifact.uri, digest, size };
}

function nameOf(artifact: Artifact): string {
  return artifact.kind === 'stored' ? `stored ${artifact.path}` : `referenced ${artifact.uri}`;
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function refuse(what: string, why: string): never {
  return fail({
    code: 'artifact.refused',
    what: `${what} ${why}`,
    why: 'a bundle is pinned by a digest over all of it',
    touched: 'no',
    next: 'correct the bundle and register it again',
  });
}
