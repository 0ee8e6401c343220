import type { Arguments } from '../../detect/analysis/template-arguments.ts';
import { fieldsOf } from './fields.ts';
import type { Findings } from './findings.ts';
import type { Located } from './located.ts';
import { argumentSources, readReferences, readRules } from './read-template.ts';
import type { WrittenAnalysis } from './resolve-analysis.ts';

/** The versions that a policy is carried out between, by name. */
export interface PolicyVersions {
  readonly latest: string;
  readonly stable: string;
}

/** `analysis` of a rollout: its templates with the arguments it gives them. */
export function readAnalysis(
  located: Located | null,
  more: readonly string[],
  mustEnd: boolean,
  versions: PolicyVersions,
  findings: Findings,
): WrittenAnalysis | null {
  const refused = { analysisRunMetadata: 'no object is made for a run, so there is nothing to put labels on' };
  const read = ['templates', 'args', 'dryRun', 'measurementRetention', ...more];
  const fields = fieldsOf(located, 'analysis', { read, refused }, findings);
  if (!fields) return null;
  return {
    at: fields.at,
    templates: readReferences(fields, findings),
    args: givenArguments(fields.list('args'), versions, findings),
    ...readRules(fields, findings),
    mustEnd,
  };
}

/** Where Argo gives the hash of a version's pods, its name stands here: there are labels by version, and none by hash. */
function givenArguments(items: readonly Located[], versions: PolicyVersions, findings: Findings): Arguments {
  const found: Record<string, string | null> = {};
  for (const item of items) {
    const arg = fieldsOf(item, 'an argument', { read: ['name', 'value', 'valueFrom'] }, findings);
    const name = arg?.text('name') ?? '';
    if (!arg || name === '') continue;
    const from = fieldsOf(
      arg.map('valueFrom'),
      'valueFrom',
      { read: ['podTemplateHashValue'], refused: { fieldRef: argumentSources, secretKeyRef: argumentSources } },
      findings,
    );
    const hash = from?.text('podTemplateHashValue') ?? null;
    if (from && hash !== 'Latest' && hash !== 'Stable' && from.has('podTemplateHashValue'))
      findings.error(from.at, 'podTemplateHashValue is Latest or Stable');
    found[name] = hash === null ? (arg.text('value') ?? '') : hash === 'Stable' ? versions.stable : versions.latest;
  }
  return found;
}
