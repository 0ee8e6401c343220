import type { Metric } from '../../model/analysis.ts';
import type { Arguments } from '../../detect/analysis/template-arguments.ts';
import { type Fields, fieldsOf } from './fields.ts';
import type { Findings, Place } from './findings.ts';
import type { Located } from './located.ts';

/** A template before its arguments are filled in. */
export interface Template {
  readonly name: string;
  readonly cluster: boolean;
  readonly at: Place;
  readonly metrics: readonly Located[];
  readonly args: Arguments;
  readonly dryRun: readonly Rule[];
  readonly retention: readonly Rule[];
  /** Templates that this one takes in. */
  readonly nested: readonly TemplateReference[];
  readonly onNoData: (metric: string) => Metric['onNoData'];
}

/** A rule about metrics whose names match, with a number where it sets one. */
export interface Rule {
  readonly at: Place;
  readonly metricName: string;
  readonly limit: number;
}

export interface TemplateReference {
  readonly at: Place;
  readonly name: string;
  readonly cluster: boolean;
}

export const argumentSources =
  'valueFrom needs a cluster to read a Secret or a field of an object from; give a value, or name a variable of the environment in headers';

export function readTemplate(document: Fields, cluster: boolean, findings: Findings): Template {
  const metadata = fieldsOf(document.map('metadata'), 'metadata', { read: metadataFields }, findings);
  const spec = fieldsOf(
    document.value('spec'),
    'spec',
    { read: ['metrics', 'args', 'dryRun', 'measurementRetention', 'templates'] },
    findings,
  );
  const name = metadata?.text('name') ?? '';
  if (name === '') findings.error(document.at, 'the template has no metadata.name');
  if (!spec) findings.error(document.at, `template ${name} has no spec`);
  return {
    name,
    cluster,
    at: document.at,
    metrics: spec?.list('metrics') ?? [],
    args: readArguments(spec, findings),
    ...readRules(spec, findings),
    nested: readReferences(spec, findings),
    onNoData: noDataRule(metadata?.map('annotations') ?? null, findings),
  };
}

export const metadataFields = ['name', 'namespace', 'labels', 'annotations', 'generateName', 'creationTimestamp'];

function readArguments(spec: Fields | null, findings: Findings): Arguments {
  const found: Record<string, string | null> = {};
  for (const item of spec?.list('args') ?? []) {
    const arg = fieldsOf(item, 'an argument', { read: ['name', 'value'], refused: { valueFrom: argumentSources } }, findings);
    const name = arg?.text('name') ?? '';
    if (name !== '') found[name] = arg?.text('value') ?? null;
  }
  return found;
}

export function readRules(spec: Fields | null, findings: Findings): Pick<Template, 'dryRun' | 'retention'> {
  const rules = (field: string, read: readonly string[]): readonly Rule[] =>
    (spec?.list(field) ?? []).flatMap((item) => {
      const rule = fieldsOf(item, `a rule of ${field}`, { read }, findings);
      const metricName = rule?.text('metricName') ?? '';
      if (rule && metricName === '') findings.error(rule.at, `a rule of ${field} has no metricName`);
      return rule ? [{ at: rule.at, metricName, limit: rule.integer('limit') ?? 0 }] : [];
    });
  return { dryRun: rules('dryRun', ['metricName']), retention: rules('measurementRetention', ['metricName', 'limit']) };
}

export function readReferences(spec: Fields | null, findings: Findings): readonly TemplateReference[] {
  return (spec?.list('templates') ?? []).flatMap((item) => {
    const reference = fieldsOf(item, 'a template', { read: ['templateName', 'clusterScope'] }, findings);
    const name = reference?.text('templateName') ?? '';
    if (reference && name === '') findings.error(reference.at, 'templateName is missing');
    return reference && name !== '' ? [{ at: reference.at, name, cluster: reference.boolean('clusterScope') ?? false }] : [];
  });
}

const noData = 'sofare/on-no-data';

/** `sofare/on-no-data` of all metrics, `sofare/on-no-data.NAME` of one: an annotation, so that the file stays valid for Argo. */
function noDataRule(annotations: Located | null, findings: Findings): Template['onNoData'] {
  const rules = new Map<string, Metric['onNoData']>();
  for (const [key, { at, value }] of annotations?.kind === 'map' ? annotations.fields : []) {
    if (key !== noData && !key.startsWith(`${noData}.`)) continue;
    const rule = value.kind === 'scalar' ? value.value : null;
    if (rule === 'wait' || rule === 'inconclusive' || rule === 'fail') rules.set(key, rule);
    else findings.error(at, `${key} is wait, inconclusive or fail`);
  }
  return (metric) => rules.get(`${noData}.${metric}`) ?? rules.get(noData) ?? null;
}
