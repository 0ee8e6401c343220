import { execFileSync } from 'node:child_process';
import { existsSync, globSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseAllDocuments } from 'yaml';
import { kept } from './programs.mjs';

/** Where custom resource definitions come from: a Go module, the sum that its content must have, and its files. */
const sources = {
  'istio': {
    module: 'istio.io/api@v1.27.0',
    sum: 'h1:KU1DeyIvZkY2k0pF9ZY+6D0ZVB1ZgvimaPkM55NVRWk=',
    files: 'kubernetes/customresourcedefinitions.gen.yaml',
  },
  'gateway-api': {
    module: 'sigs.k8s.io/gateway-api@v1.4.0',
    sum: 'h1:ZwlNM6zOHq0h3WUX2gfByPs2yAEsy/EenYJB78jpQfQ=',
    files: 'config/crd/standard/*.yaml',
  },
  'kserve': {
    module: 'github.com/kserve/kserve@v0.15.2',
    sum: 'h1:uph7Umk331fvBMrHHpTJNDt6+lf3IAuyiskaQw8wIAk=',
    files: 'config/crd/full/*.yaml',
  },
  'argo-rollouts': {
    module: 'github.com/argoproj/argo-rollouts@v1.8.5',
    sum: 'h1:x+WjkwgjV89sc/QJ0c0cBrz5HAcriWCoQn6ptOxoElU=',
    files: 'manifests/crds/*.yaml',
  },
};

/** The names of all sources. */
export const definitionSources = Object.keys(sources);

/** The file that holds the definitions of a source, a JSON array. */
export function definitionFile(name) {
  return join(kept, `definitions-${name}-${sources[name].module.split('@')[1]}.json`);
}

/** Takes the definitions out of their modules into the cache, unless they are there. */
export function takeDefinitions() {
  for (const [name, { module, sum, files }] of Object.entries(sources)) {
    const file = definitionFile(name);
    if (existsSync(file)) continue;
    const found = JSON.parse(execFileSync('go', ['mod', 'download', '-json', module], { cwd: kept, encoding: 'utf8' }));
    if (found.Sum !== sum) throw new Error(`${module} is not what it was: its sum is ${found.Sum}, not ${sum}`);
    const definitions = globSync(files, { cwd: found.Dir })
      .flatMap((path) => parseAllDocuments(readFileSync(join(found.Dir, path), 'utf8')).map((document) => document.toJS()))
      .filter((object) => object?.kind === 'CustomResourceDefinition')
      .map(withoutDescriptions);
    mkdirSync(kept, { recursive: true });
    writeFileSync(`${file}.new`, JSON.stringify(definitions));
    renameSync(`${file}.new`, file);
  }
}

/** They are most of the text and none of the meaning: a control plane is ready sooner without them. */
function withoutDescriptions(value) {
  if (Array.isArray(value)) return value.map(withoutDescriptions);
  if (value === null || typeof value !== 'object') return value;
  const kept = Object.entries(value).filter(([name, held]) => name !== 'description' || typeof held !== 'string');
  return Object.fromEntries(kept.map(([name, held]) => [name, withoutDescriptions(held)]));
}
