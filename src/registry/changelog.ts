import type { ModelVersion, VersionStatus } from '../model/version.ts';
import { compareSemver } from './semver.ts';

export interface ChangelogRange {
  /** Left out: from the first version. Itself not told again. */
  readonly from?: string;
  /** Left out: to the latest version. */
  readonly to?: string;
}

/**
 * Markdown of what each version after `from` up to `to` brought, newest first by SemVer. Drafts are nobody's news yet and left
 * out.
 */
export function generateChangelog(model: string, versions: readonly ModelVersion[], { from, to }: ChangelogRange = {}): string {
  const told = versions
    .filter(({ version, status }) => {
      if (status === 'draft') return false;
      return (from === undefined || compareSemver(version, from) > 0) && (to === undefined || compareSemver(version, to) <= 0);
    })
    .toSorted((a, b) => compareSemver(b.version, a.version));
  const sections = told.map(sectionOf);
  return `${[`# Changelog of ${model}`, ...(sections.length > 0 ? sections : ['No version in this range.'])].join('\n\n')}\n`;
}

const standing: Readonly<Record<VersionStatus, string>> = {
  draft: 'draft of',
  candidate: 'candidate, registered',
  released: 'released',
  deprecated: 'deprecated, of',
};

function sectionOf(version: ModelVersion): string {
  const { releasedAt, createdAt, status } = version;
  const day = new Date(releasedAt ?? createdAt).toISOString().slice(0, 10);
  const parts = [
    `## ${version.version} (${standing[status]} ${day})`,
    ...(version.changelog.trim() === '' ? [] : [version.changelog.trim()]),
    ...list('Breaking changes', version.breakingChanges),
    ...list('Deprecations', version.deprecations),
    ...list('Metrics', metricLines(version)),
  ];
  return parts.join('\n\n');
}

function metricLines({ metrics }: ModelVersion): readonly string[] {
  return Object.entries(metrics)
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, value]) => `${name}: ${Number.isFinite(value) ? value : 'not a number'}`);
}

function list(title: string, lines: readonly string[]): readonly string[] {
  return lines.length === 0
    ? []
    : [[`### ${title}`, '', ...lines.map((line) => `- ${line.replaceAll(/\s+/g, ' ').trim()}`)].join('\n')];
}
