import type { Finding, RolloutPolicy } from '../../model/policy.ts';
import { type Fields, fieldsOf } from './fields.ts';
import { newFindings } from './findings.ts';
import { locate } from './located.ts';
import type { PolicyVersions } from './read-analysis.ts';
import { readRollout } from './read-rollout.ts';
import { readTemplate, type Template } from './read-template.ts';
import { judgePolicy } from './judge-policy.ts';

export interface ReadPolicy {
  /** Null: there are errors among the findings. */
  readonly policy: RolloutPolicy | null;
  readonly findings: readonly Finding[];
}

const kinds = ['Rollout', 'AnalysisTemplate', 'ClusterAnalysisTemplate'];

/** Reads a file with one Rollout and the templates that it names. Nothing is left out without a word. */
export function readPolicy(text: string, versions: PolicyVersions, strict: boolean): ReadPolicy {
  const findings = newFindings();
  const documents = locate(text, findings).flatMap((document): readonly (readonly [string, Fields])[] => {
    const fields = fieldsOf(
      document,
      'the document',
      { read: ['apiVersion', 'kind', 'metadata', 'spec'], refused: { status } },
      findings,
    );
    const kind = fields?.text('kind') ?? '';
    if (!fields) return [];
    if (fields.text('apiVersion') !== 'argoproj.io/v1alpha1')
      findings.error(fields.place('apiVersion'), 'apiVersion is not argoproj.io/v1alpha1');
    if (!kinds.includes(kind)) findings.error(fields.place('kind'), `kind is ${kind || 'missing'}; ${kinds.join(', ')} are read`);
    return [[kind, fields]];
  });
  const templates: readonly Template[] = documents.flatMap(([kind, fields]) =>
    kind === 'AnalysisTemplate' || kind === 'ClusterAnalysisTemplate'
      ? [readTemplate(fields, kind === 'ClusterAnalysisTemplate', findings)]
      : [],
  );
  const rollouts = documents.filter(([kind]) => kind === 'Rollout');
  const [first] = rollouts;
  if (!first) findings.error({ line: 1, column: 1 }, 'there is no Rollout in the file');
  for (const [, extra] of rollouts.slice(1)) findings.error(extra.at, 'there is more than one Rollout in the file');
  const policy = first ? readRollout(first[1], { templates, versions, strict, findings }) : null;
  if (policy && !findings.all().some(({ level }) => level === 'error'))
    judgePolicy(policy, first?.[1].at ?? { line: 1, column: 1 }, findings);
  const all = findings.all();
  return { policy: all.some(({ level }) => level === 'error') ? null : policy, findings: all };
}

const status = 'it is what a controller writes; take it out';
