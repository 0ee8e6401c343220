import type { Artifact, ModelVersion } from '../model/version.ts';
import { canonicalJson } from './bundle.ts';
import { type MetricDirection, metricDirection } from './metric-direction.ts';

/** A named thing that differs; null where one side has none. */
export interface Difference {
  readonly name: string;
  readonly from: string | null;
  readonly to: string | null;
}

export interface MetricDifference {
  readonly name: string;
  /** Null where the version has no such metric, or it is not a finite number. */
  readonly from: number | null;
  readonly to: number | null;
  readonly change: number | null;
  readonly direction: MetricDirection;
  readonly verdict: 'better' | 'worse' | 'same' | 'unknown';
}

export interface Comparison {
  readonly from: string;
  readonly to: string;
  /** Both serve the same bytes with the same settings. */
  readonly sameBundle: boolean;
  /** By path or URI, with digests. */
  readonly artifacts: readonly Difference[];
  readonly image: Difference | null;
  readonly configuration: readonly Difference[];
  readonly environment: readonly Difference[];
  /** `input` and `output`, as canonical JSON. */
  readonly schema: readonly Difference[];
  readonly migrations: { readonly onlyFrom: readonly string[]; readonly onlyTo: readonly string[] };
  readonly parameters: readonly Difference[];
  readonly metrics: readonly MetricDifference[];
  readonly breakingChanges: { readonly from: readonly string[]; readonly to: readonly string[] };
}

/**
 * What differs between two versions of a model. `directions` says which way a metric gets better where its name does not tell.
 */
export function compareVersions(
  from: ModelVersion,
  to: ModelVersion,
  directions: Readonly<Record<string, MetricDirection>> = {},
): Comparison {
  const [a, b] = [from.bundle, to.bundle];
  return {
    from: from.version,
    to: to.version,
    sameBundle: from.bundleDigest === to.bundleDigest,
    artifacts: differences(digestsByName(a.artifacts), digestsByName(b.artifacts)),
    image: a.image === b.image ? null : { name: 'image', from: a.image, to: b.image },
    configuration: differences(a.configuration, b.configuration),
    environment: differences(a.environment, b.environment),
    schema: differences(asText(a.schema ?? {}), asText(b.schema ?? {})),
    migrations: {
      onlyFrom: a.migrations.filter((migration) => !b.migrations.includes(migration)),
      onlyTo: b.migrations.filter((migration) => !a.migrations.includes(migration)),
    },
    parameters: differences(asText(from.parameters), asText(to.parameters)),
    metrics: namesOf(from.metrics, to.metrics).map((name) =>
      metricDifference(name, finite(from.metrics[name]), finite(to.metrics[name]), directions[name] ?? metricDirection(name)),
    ),
    breakingChanges: { from: from.breakingChanges, to: to.breakingChanges },
  };
}

function metricDifference(name: string, from: number | null, to: number | null, direction: MetricDirection): MetricDifference {
  const change = from === null || to === null ? null : to - from;
  return { name, from, to, change, direction, verdict: verdictOf(change, direction) };
}

function verdictOf(change: number | null, direction: MetricDirection): MetricDifference['verdict'] {
  if (change === null) return 'unknown';
  if (change === 0) return 'same';
  if (direction === 'unknown') return 'unknown';
  return change > 0 === (direction === 'higher') ? 'better' : 'worse';
}

function differences(from: Readonly<Record<string, string>>, to: Readonly<Record<string, string>>): readonly Difference[] {
  return namesOf(from, to)
    .map((name) => ({ name, from: from[name] ?? null, to: to[name] ?? null }))
    .filter((difference) => difference.from !== difference.to);
}

function namesOf(from: object, to: object): readonly string[] {
  return [...new Set([...Object.keys(from), ...Object.keys(to)])].sort();
}

function digestsByName(artifacts: readonly Artifact[]): Readonly<Record<string, string>> {
  return Object.fromEntries(
    artifacts.map((artifact) => [artifact.kind === 'stored' ? artifact.path : artifact.uri, artifact.digest]),
  );
}

function asText(values: object): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, textOf(value)]));
}

function textOf(value: unknown): string {
  return typeof value === 'number' && !Number.isFinite(value) ? String(value) : canonicalJson(value ?? null);
}

function finite(value: number | undefined): number | null {
  return value !== undefined && Number.isFinite(value) ? value : null;
}
