import { readFileSync } from 'node:fs';
import type { Api, Manifest } from './api.ts';
import { definitionFile } from './build/definitions.mjs';

const path = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions';

/** Whose custom resources there can be. */
export const everyCustomResource = ['istio', 'gateway-api', 'kserve', 'argo-rollouts'] as const;

export type CustomResources = (typeof everyCustomResource)[number];

/** Creates the definitions of these; done when the API server has taken all of them into its service. */
export async function createCustomResources(admin: Api, wanted: readonly CustomResources[]): Promise<void> {
  if (wanted.length === 0) return;
  const definitions = wanted.flatMap((name) => JSON.parse(readFileSync(definitionFile(name), 'utf8')) as readonly Manifest[]);
  const waiting = new Set(definitions.map(({ metadata }) => metadata.name));
  const established = admin.until(path, ({ metadata, status }) => {
    const conditions: readonly { type: string; status: string }[] = status?.conditions ?? [];
    if (conditions.some((condition) => condition.type === 'Established' && condition.status === 'True'))
      waiting.delete(metadata.name);
    return waiting.size === 0;
  });
  await Promise.all([established, ...definitions.map((definition) => admin.must('POST', path, definition))]);
}
