import type { Comparison, Difference, MetricDifference } from '../registry/compare.ts';
import { documentOf } from './document.ts';
import { labelledList, lineOf } from './line.ts';
import { digest, measured } from './number.ts';
import type { Icon, Paper } from './paper.ts';
import { printed } from './screen.ts';
import { table } from './table.ts';

export function compareDocument(model: string, comparison: Comparison): string {
  // `schema` is the document's own name for what it is.
  const { schema, ...rest } = comparison;
  return documentOf('compare', { model, ...rest, schemas: schema });
}

const verdicts: Readonly<Record<MetricDifference['verdict'], Icon>> = {
  better: 'done',
  worse: 'failed',
  same: 'waiting',
  unknown: 'warning',
};

export function compareText(model: string, comparison: Comparison, paper: Paper): string {
  const { from, to, sameBundle, metrics, migrations, breakingChanges } = comparison;
  const list = (name: string, texts: readonly string[]): readonly string[] => labelledList(paper, name, texts, 15);
  const columns = [
    { title: 'measured', gives: true },
    { title: from, side: 'right' },
    { title: to, side: 'right' },
    { title: 'change', side: 'right' },
    { title: '' },
  ] as const;
  const rows = metrics.map((metric) => ({
    icon: { icon: verdicts[metric.verdict] },
    cells: [
      metric.name,
      number(metric.from),
      number(metric.to),
      changeText(metric.change),
      metric.verdict === 'unknown' ? '' : metric.verdict,
    ],
  }));
  return printed([
    lineOf(paper, `${model}   ${from} → ${to}   ${sameBundle ? 'the same bundle' : 'another bundle'}`),
    ...(rows.length === 0 ? [] : table(paper, columns, rows)),
    ...list(
      'files',
      comparison.artifacts.map(({ name, from: before, to: after }) =>
        differenceText({ name, from: before && digest(before), to: after && digest(after) }),
      ),
    ),
    ...list('image', comparison.image === null ? [] : [differenceText(comparison.image)]),
    ...list('configuration', comparison.configuration.map(differenceText)),
    ...list('environment', comparison.environment.map(differenceText)),
    ...list('schema', comparison.schema.map(differenceText)),
    ...list('parameters', comparison.parameters.map(differenceText)),
    ...list('migrations', [
      ...migrations.onlyFrom.map((name) => `only ${from}: ${name}`),
      ...migrations.onlyTo.map((name) => `only ${to}: ${name}`),
    ]),
    ...list('breaking', [
      ...breakingChanges.from.map((text) => `${from}: ${text}`),
      ...breakingChanges.to.map((text) => `${to}: ${text}`),
    ]),
  ]);
}

function differenceText({ name, from, to }: Difference): string {
  return `${name}: ${from ?? 'absent'} → ${to ?? 'absent'}`;
}

function number(value: number | null): string {
  return value === null ? 'absent' : measured(value);
}

function changeText(change: number | null): string {
  return change === null ? '' : `${change > 0 ? '+' : ''}${measured(change)}`;
}
