import { readFileSync } from 'node:fs';
import * as v from 'valibot';
import { parseDocument } from 'yaml';
import { fail } from '../../../model/errors.ts';
import type { DeploymentTarget } from '../../../model/service.ts';
import type { PodTemplate } from './pod-template.ts';

/** What the Deployments of all versions are made of. */
export interface DeploymentTemplate {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  /** Everything of its spec that is not the version's: strategy, minReadySeconds and the like. */
  readonly spec: Readonly<Record<string, unknown>>;
  readonly pods: PodTemplate;
}

const texts = v.optional(v.record(v.string(), v.string('a text; put numbers in quotes')), {});
const manifest = v.looseObject({
  apiVersion: v.literal('apps/v1', 'apps/v1'),
  kind: v.literal('Deployment', 'Deployment'),
  metadata: v.looseObject({
    name: v.pipe(
      v.string('a name'),
      v.regex(
        /^[a-z](?:[a-z0-9-]{0,40}[a-z0-9])?$/,
        'a name of at most 42 lower-case letters, digits and dashes that begins with a letter: versions are added to it',
      ),
    ),
    labels: texts,
    annotations: texts,
  }),
  spec: v.looseObject({
    template: v.looseObject({
      metadata: v.optional(v.looseObject({ labels: texts, annotations: texts })),
      spec: v.looseObject({
        containers: v.pipe(v.array(v.looseObject({ name: v.string('a name') })), v.minLength(1, 'at least one container')),
      }),
    }),
  }),
});

/** Reads the manifest of a Deployment. Fails with config.invalid, naming the file and what is wrong in it. */
export function readTemplate(target: DeploymentTarget): DeploymentTemplate {
  const { template: file, container } = target;
  const document = parseDocument(textOf(file), { version: '1.2', schema: 'core', uniqueKeys: true, prettyErrors: true });
  const [error] = document.errors;
  if (error) invalid(file, error.message, 'it is not YAML');
  const result = v.safeParse(manifest, document.toJS({ maxAliasCount: 100 }));
  if (!result.success) {
    const [issue] = result.issues;
    invalid(file, `${v.getDotPath(issue) ?? 'the manifest'} is ${issue.received}`, `wanted: ${issue.message}`);
  }
  const { metadata, spec } = result.output;
  const { template, replicas: _, selector: __, progressDeadlineSeconds: ___, ...rest } = spec;
  const names = template.spec.containers.map(({ name }) => name);
  if (container !== null && !names.includes(container))
    invalid(file, `it has no container ${container}`, `target.container names it; there is: ${names.join(', ')}`);
  return {
    name: metadata.name,
    labels: metadata.labels,
    annotations: metadata.annotations,
    spec: rest,
    pods: template as PodTemplate,
  };
}

function textOf(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    return invalid(file, 'it cannot be read', (error as Error).message);
  }
}

function invalid(file: string, what: string, why: string): never {
  return fail({
    code: 'config.invalid',
    what: `${file}: ${what}`,
    why,
    touched: 'no',
    next: 'mend the manifest that target.template names in sofare.yaml',
  });
}
