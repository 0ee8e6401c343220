import type { Tenure } from '../model/history.ts';
import type { ModelVersion } from '../model/version.ts';
import type { StatusChanged } from '../registry/version-row.ts';
import { documentOf } from './document.ts';
import { duration, instant } from './duration.ts';
import { labelled, labelledList, lineOf } from './line.ts';
import { bytes, digest, share } from './number.ts';
import type { Paper } from './paper.ts';
import { printed } from './screen.ts';
import { iconOf, metricsText, statusText, type VersionView } from './versions.ts';

/** One version with its bundle, its life and the times it served. */
export interface ShowView {
  readonly seen: VersionView;
  readonly version: ModelVersion;
  readonly changes: readonly StatusChanged[];
  readonly tenures: readonly Tenure[];
  /** What is wrong with the stored files, a sentence each; null where nobody looked. */
  readonly damage: readonly string[] | null;
}

export function showDocument({ seen, version, changes, tenures, damage }: ShowView): string {
  return documentOf('show', {
    ...seen,
    bundle: version.bundle,
    parameters: version.parameters,
    run: version.run,
    changelog: version.changelog,
    breakingChanges: version.breakingChanges,
    deprecations: version.deprecations,
    changes,
    tenures,
    damage,
  });
}

export function showText(view: ShowView, paper: Paper): string {
  const { seen, version, changes, tenures, damage } = view;
  const { bundle } = version;
  const label = (name: string, texts: readonly string[]): readonly string[] => labelledList(paper, name, texts, 15);
  const pairs = (values: Readonly<Record<string, unknown>>): readonly string[] =>
    Object.entries(values).map(([name, value]) => `${name}=${typeof value === 'string' ? value : JSON.stringify(value)}`);
  return printed([
    lineOf(
      paper,
      `${seen.model} ${seen.version}   `,
      { icon: iconOf(seen) },
      ` ${statusText(seen)}${seen.knownGood ? ', known good' : ''}`,
    ),
    ...(seen.quarantine
      ? label('quarantined', [
          `${instant(seen.quarantine.since)} by ${seen.quarantine.actor}: ${seen.quarantine.evidence ?? seen.quarantine.reason}`,
        ])
      : []),
    ...label('registered', [`${instant(version.createdAt)} by ${version.actor}: ${version.reason}`]),
    ...label(
      '',
      changes.map(({ at, change, actor, reason }) => `${instant(at)} ${change} by ${actor}: ${reason}`),
    ),
    ...label('bundle', [digest(version.bundleDigest)]),
    ...label(
      'files',
      bundle.artifacts.map(
        (artifact) =>
          `${artifact.kind === 'stored' ? artifact.path : artifact.uri}  ${bytes(artifact.size)}  ${digest(artifact.digest)}`,
      ),
    ),
    ...(damage === null ? [] : label('stored files', damage.length === 0 ? ['whole'] : damage)),
    ...label('image', bundle.image === null ? [] : [bundle.image]),
    ...label('configuration', pairs(bundle.configuration)),
    ...label('environment', pairs(bundle.environment)),
    ...label(
      'schema',
      bundle.schema === null
        ? []
        : [`input ${JSON.stringify(bundle.schema.input)}`, `output ${JSON.stringify(bundle.schema.output)}`],
    ),
    ...label('migrations', bundle.migrations),
    ...label('parameters', pairs(version.parameters)),
    ...label('run', version.run === null ? [] : [version.run]),
    ...(Object.keys(version.metrics).length === 0 ? [] : labelled(paper, 'measured', metricsText(version.metrics), 15)),
    ...label('breaking', version.breakingChanges),
    ...label('deprecations', version.deprecations),
    ...label('changelog', version.changelog.trim() === '' ? [] : version.changelog.trim().split(/\r?\n/)),
    ...label(
      'served',
      tenures.map((tenure) => tenureText(tenure, paper.now)),
    ),
  ]);
}

function tenureText({ since, until, highestShare, verified, source }: Tenure, now: number): string {
  const marks = [`up to ${share(highestShare)}`, ...(verified ? ['verified'] : []), ...(source === 'witnessed' ? [] : [source])];
  return `${instant(since)} for ${duration((until ?? now) - since)}${until === null ? ', still' : ''} (${marks.join(', ')})`;
}
