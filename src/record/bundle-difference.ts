import type { Artifact, ModelVersion } from '../model/version.ts';
import { type Comparison, compareVersions, type Difference } from '../registry/compare.ts';
import { shown } from './secrets.ts';

export interface ArtifactChange {
  readonly change: 'added' | 'removed' | 'changed';
  /** Path, or URI where the bytes lie elsewhere. */
  readonly path: string;
  readonly good: { readonly digest: string; readonly size: number } | null;
  readonly bad: { readonly digest: string; readonly size: number } | null;
}

/** What the version that was left (`bad`) has that the one gone back to (`good`) has not, and the other way round. */
export interface BundleDifference {
  readonly good: string;
  readonly bad: string;
  readonly goodDigest: string;
  readonly badDigest: string;
  readonly same: boolean;
  readonly artifacts: readonly ArtifactChange[];
  readonly image: Difference | null;
  /** From the good version to the bad one. Values of secret-looking names are hidden. */
  readonly configuration: readonly Difference[];
  readonly environment: readonly Difference[];
  readonly parameters: readonly Difference[];
  readonly schema: readonly Difference[];
  readonly metrics: Comparison['metrics'];
  /** Declared by the bad version alone, in their order: the good one does not know of them. */
  readonly migrations: readonly string[];
  readonly breakingChanges: readonly string[];
  readonly run: { readonly good: string | null; readonly bad: string | null };
  readonly changelog: string;
}

export function bundleDifference(good: ModelVersion, bad: ModelVersion): BundleDifference {
  const compared = compareVersions(good, bad);
  const masked = (differences: readonly Difference[]): readonly Difference[] =>
    differences.map(({ name, from, to }) => ({ name, from: shown(name, from), to: shown(name, to) }));
  return {
    good: good.version,
    bad: bad.version,
    goodDigest: good.bundleDigest,
    badDigest: bad.bundleDigest,
    same: compared.sameBundle,
    artifacts: artifactChanges(good.bundle.artifacts, bad.bundle.artifacts),
    image: compared.image,
    configuration: masked(compared.configuration),
    environment: masked(compared.environment),
    parameters: masked(compared.parameters),
    schema: compared.schema,
    metrics: compared.metrics.filter(({ change }) => change !== 0),
    migrations: compared.migrations.onlyTo,
    breakingChanges: bad.breakingChanges,
    run: { good: good.run, bad: bad.run },
    changelog: bad.changelog,
  };
}

function artifactChanges(good: readonly Artifact[], bad: readonly Artifact[]): readonly ArtifactChange[] {
  const before = new Map(good.map((artifact) => [pathOf(artifact), artifact]));
  const after = new Map(bad.map((artifact) => [pathOf(artifact), artifact]));
  return [...new Set([...before.keys(), ...after.keys()])].toSorted().flatMap((path): readonly ArtifactChange[] => {
    const [one, other] = [before.get(path), after.get(path)];
    if (one?.digest === other?.digest) return [];
    const change = one === undefined ? 'added' : other === undefined ? 'removed' : 'changed';
    return [{ change, path, good: pinOf(one), bad: pinOf(other) }];
  });
}

function pathOf(artifact: Artifact): string {
  return artifact.kind === 'stored' ? artifact.path : artifact.uri;
}

function pinOf(artifact: Artifact | undefined): ArtifactChange['good'] {
  return artifact === undefined ? null : { digest: artifact.digest, size: artifact.size };
}
