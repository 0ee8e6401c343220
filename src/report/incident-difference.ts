import type { ArtifactChange, BundleDifference } from '../record/bundle-difference.ts';
import type { Incident } from '../record/incident-view.ts';
import type { Difference } from '../registry/compare.ts';
import { blank, type Block, paragraph, type Section, type Text } from './incident-page.ts';
import { bytes, digest, measured } from './number.ts';
import { listed } from './sentence.ts';

/** What the version that was left has and the one gone back to has not. */
export function differenceSection({ difference, from, to }: Incident): Section {
  const title = 'What Differs';
  if (difference === null)
    return {
      title,
      blocks: [
        paragraph(
          `${to === null ? 'There is no version to compare with' : `One of ${from} and ${to} is not registered`}: `,
          blank,
        ),
      ],
    };
  const rows = [
    ...difference.artifacts.map(artifactRow),
    ...(difference.image ? [row('image', difference.image)] : []),
    ...difference.configuration.map((each) => row('configuration', each)),
    ...difference.environment.map((each) => row('environment', each)),
    ...difference.schema.map((each) => row('schema', each)),
    ...difference.parameters.map((each) => row('parameter', each)),
    ...difference.metrics.map(({ name, from: good, to: bad }) =>
      row('measured', { name, from: good === null ? null : measured(good), to: bad === null ? null : measured(bad) }),
    ),
  ];
  const table: Block = {
    kind: 'table',
    columns: [
      { title: 'what' },
      { title: 'name' },
      { title: `${difference.good} (good)` },
      { title: `${difference.bad} (left)` },
    ],
    rows,
  };
  const none = paragraph(
    difference.same ? 'The bundles are the same, byte for byte: the cause lies outside them.' : 'No file and no setting differs.',
  );
  return { title, blocks: [rows.length > 0 ? table : none, ...declared(difference)] };
}

function declared({ bad, migrations, breakingChanges, run, changelog }: BundleDifference): readonly Block[] {
  return [
    ...(migrations.length > 0
      ? [paragraph(`Migrations that only ${bad} declares: `, listed(migrations), '. They were not undone.')]
      : []),
    ...(breakingChanges.length > 0 ? [paragraph(`Breaking changes of ${bad}: `, breakingChanges.join('; '))] : []),
    ...(run.bad !== null && run.bad !== run.good
      ? [paragraph(`Trained by the run ${run.bad}${run.good === null ? '' : ` (before: ${run.good})`}.`)]
      : []),
    ...(changelog.trim() === '' ? [] : [{ kind: 'note', text: changelog.trim(), by: `changelog of ${bad}` } as const]),
  ];
}

function artifactRow({ change, path, good, bad }: ArtifactChange): readonly Text[] {
  return [[`file ${change}`], [path], [pinText(good)], [pinText(bad)]];
}

function pinText(pin: ArtifactChange['good']): string {
  return pin === null ? 'absent' : `${bytes(pin.size)}, ${digest(pin.digest)}`;
}

function row(what: string, { name, from, to }: Difference): readonly Text[] {
  return [[what], [name], [short(from)], [short(to)]];
}

/** Schemas can be long; JSON has all of it. */
function short(value: string | null): string {
  if (value === null) return 'absent';
  return value.length <= 120 ? value : `${value.slice(0, 119)}…`;
}
