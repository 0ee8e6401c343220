import type { Metric } from '../../model/analysis.ts';
import type { Analysis } from '../../model/policy.ts';
import { matchRules } from '../../detect/analysis/metric-rules.ts';
import { type Arguments, mergeArguments, resolveTemplate } from '../../detect/analysis/template-arguments.ts';
import type { Findings, Place } from './findings.ts';
import { type Located, mapTexts } from './located.ts';
import { readMetric } from './read-metric.ts';
import type { Rule, Template, TemplateReference } from './read-template.ts';

/** What an analysis of a rollout names, before its templates are looked up. */
export interface WrittenAnalysis {
  readonly at: Place;
  readonly templates: readonly TemplateReference[];
  readonly args: Arguments;
  readonly dryRun: readonly Rule[];
  readonly retention: readonly Rule[];
  readonly mustEnd: boolean;
}

const retainedByDefault = 10;

/** Templates looked up, nested ones taken in, arguments filled in, metrics read. */
export function resolveAnalysis(
  written: WrittenAnalysis,
  templates: readonly Template[],
  strict: boolean,
  findings: Findings,
): Analysis {
  const used = gather(written.templates, templates, [], findings);
  const name = written.templates.map((each) => each.name).join(', ');
  if (written.templates.length === 0) findings.error(written.at, 'the analysis names no template');
  const merged = mergeArguments(written.args, argumentsOf(used, findings));
  if ('error' in merged) {
    findings.error(written.at, merged.error);
    return { name, metrics: [] };
  }
  const metrics = used.flatMap((template) =>
    template.metrics.flatMap((located) => {
      const filled = fill(located, merged.args, findings);
      const settings = {
        dryRun: false,
        retained: retainedByDefault,
        onNoData: template.onNoData(nameOf(filled)),
        mustEnd: written.mustEnd,
        strict,
      };
      const metric = readMetric(filled, settings, findings);
      return metric ? [metric] : [];
    }),
  );
  for (const [index, metric] of metrics.entries())
    if (metrics.findIndex((each) => each.name === metric.name) < index)
      findings.error(written.at, `two metrics have the same name '${metric.name}'`);
  if (metrics.length === 0 && used.length > 0 && used.every((template) => template.metrics.length === 0))
    findings.error(written.at, 'no metrics specified');
  const dryRun = [...written.dryRun, ...used.flatMap((template) => template.dryRun)];
  const retention = [...written.retention, ...used.flatMap((template) => template.retention)];
  return { name, metrics: withRules(metrics, dryRun, retention, written.at, findings) };
}

function gather(
  references: readonly TemplateReference[],
  templates: readonly Template[],
  above: readonly Template[],
  findings: Findings,
): readonly Template[] {
  return references.flatMap(({ name, cluster, at }) => {
    const found = templates.find((each) => each.name === name && each.cluster === cluster);
    if (!found) {
      findings.error(at, `there is no ${cluster ? 'ClusterAnalysisTemplate' : 'AnalysisTemplate'} ${name} in the file`);
      return [];
    }
    if (above.includes(found)) {
      findings.error(at, `template ${name} takes itself in`);
      return [];
    }
    return [found, ...gather(found.nested, templates, [...above, found], findings)];
  });
}

/** The arguments of several templates: one of two that share a name must be without a value, or have the same. */
function argumentsOf(templates: readonly Template[], findings: Findings): Arguments {
  const found: Record<string, string | null> = {};
  for (const { args, at } of templates) {
    for (const [name, value] of Object.entries(args)) {
      const before = found[name] ?? null;
      if (before !== null && value !== null && before !== value)
        findings.error(at, `argument ${name} is specified more than once with different values`);
      found[name] = before ?? value;
    }
  }
  return found;
}

function fill(located: Located, args: Arguments, findings: Findings): Located {
  return mapTexts(located, (text, at) => {
    const resolved = resolveTemplate(text, args);
    if ('value' in resolved) return resolved.value;
    findings.error(at, resolved.error);
    return text;
  });
}

function nameOf(located: Located): string {
  const name = located.kind === 'map' ? located.fields.get('name')?.value : undefined;
  return name?.kind === 'scalar' ? String(name.value) : '';
}

function withRules(
  metrics: readonly Metric[],
  dryRun: readonly Rule[],
  retention: readonly Rule[],
  at: Place,
  findings: Findings,
): readonly Metric[] {
  const names = metrics.map(({ name }) => name);
  const matched = (kind: 'dryRun' | 'measurementRetention', rules: readonly Rule[]): ReadonlyMap<string, number> => {
    const found = matchRules(
      kind,
      rules.map(({ metricName }) => metricName),
      names,
    );
    if ('matched' in found) return found.matched;
    findings.error(rules[0]?.at ?? at, found.error);
    return new Map();
  };
  const dry = matched('dryRun', dryRun);
  const kept = matched('measurementRetention', retention);
  return metrics.map((metric) => {
    const limit = retention[kept.get(metric.name) ?? -1]?.limit ?? 0;
    return { ...metric, dryRun: dry.has(metric.name), retained: limit > 0 ? limit : metric.retained };
  });
}
