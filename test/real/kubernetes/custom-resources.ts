import { readFileSync } from 'node:fs';
import type { Api, Manifest } from './api.ts';
import { definitionFiles } from './build/definitions.mjs';

const path = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions';

/** Creates the definitions of Istio, Gateway API, KServe and Argo Rollouts; done when the API server answers for each of them. */
export async function createCustomResources(admin: Api): Promise<void> {
  const definitions = definitionFiles().flatMap((file) => JSON.parse(readFileSync(file, 'utf8')) as readonly Manifest[]);
  const waiting = new Set(definitions.map(({ metadata }) => metadata.name));
  const established = admin.until(path, ({ metadata, status }) => {
    const conditions: readonly { type: string; status: string }[] = status?.conditions ?? [];
    if (conditions.some((condition) => condition.type === 'Established' && condition.status === 'True'))
      waiting.delete(metadata.name);
    return waiting.size === 0;
  });
  await Promise.all([established, ...definitions.map((definition) => admin.must('POST', path, definition))]);
}
