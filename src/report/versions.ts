import type { Quarantine, Tenure } from '../model/history.ts';
import type { ModelVersion } from '../model/version.ts';
import { documentOf } from './document.ts';
import { ago } from './duration.ts';
import { lineOf } from './line.ts';
import { measured } from './number.ts';
import type { Icon, Paper } from './paper.ts';
import { printed } from './screen.ts';
import { table } from './table.ts';

/** The status of a version as a service sees it: a quarantined one was rolled back, the one in production is marked so. */
export type SeenStatus = ModelVersion['status'] | 'production' | 'rolled_back';

export interface VersionView {
  readonly version: string;
  readonly model: string;
  readonly status: SeenStatus;
  readonly registered: ModelVersion['status'];
  readonly production: boolean;
  readonly knownGood: boolean;
  readonly quarantine: {
    readonly since: number;
    readonly reason: string;
    readonly actor: string;
    readonly evidence: string | null;
  } | null;
  readonly createdAt: number;
  readonly releasedAt: number | null;
  readonly deprecatedAt: number | null;
  readonly actor: string;
  readonly reason: string;
  readonly bundleDigest: string;
  readonly metrics: Readonly<Record<string, number>>;
}

export interface VersionsInput {
  readonly pointer: string | null;
  readonly quarantined: ReadonlyMap<string, Quarantine>;
  readonly tenures: readonly Tenure[];
  readonly knownGood: (tenure: Tenure) => boolean;
}

export function versionView(kept: ModelVersion, { pointer, quarantined, tenures, knownGood }: VersionsInput): VersionView {
  const { version, model, status, createdAt, releasedAt, deprecatedAt, actor, reason, bundleDigest, metrics } = kept;
  const mark = quarantined.get(version);
  const production = version === pointer;
  return {
    version,
    model,
    status: mark ? 'rolled_back' : production ? 'production' : status,
    registered: status,
    production,
    knownGood: tenures.some((tenure) => tenure.version === version && knownGood(tenure)),
    quarantine: mark ? { since: mark.since, reason: mark.reason, actor: mark.actor, evidence: mark.evidence } : null,
    createdAt,
    releasedAt,
    deprecatedAt,
    actor,
    reason,
    bundleDigest,
    metrics,
  };
}

export function versionsDocument(model: string, versions: readonly VersionView[]): string {
  return documentOf('list', { model, versions });
}

export function versionsText(model: string, versions: readonly VersionView[], paper: Paper): string {
  if (versions.length === 0)
    return printed([
      lineOf(paper, { icon: 'waiting' }, ` ${model} has no version yet`),
      lineOf(paper, '  sofare register VERSION PATH'),
    ]);
  const columns = [
    { title: 'version' },
    { title: 'status' },
    { title: '' },
    { title: 'registered' },
    { title: 'by', gives: true },
    { title: 'measured', gives: true },
  ];
  const rows = versions.map((view) => ({
    icon: { icon: iconOf(view) },
    cells: [
      view.version,
      statusText(view),
      view.knownGood ? 'known good' : '',
      ago(view.createdAt, paper.now),
      view.actor,
      metricsText(view.metrics),
    ],
  }));
  return printed([lineOf(paper, model), ...table(paper, columns, rows)]);
}

/** A version that was rolled back and still has the pointer is said to be both. */
export function statusText({ status, production }: VersionView): string {
  return status === 'rolled_back' && production ? 'rolled_back, in production' : status;
}

export function iconOf({ status, production }: VersionView): Icon {
  if (status === 'rolled_back') return 'failed';
  return production ? 'done' : 'waiting';
}

export function metricsText(metrics: VersionView['metrics']): string {
  return Object.entries(metrics)
    .map(([name, value]) => `${name} ${measured(value)}`)
    .join(', ');
}
