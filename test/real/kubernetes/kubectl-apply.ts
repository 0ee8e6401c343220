import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { Api, type Manifest } from './api.ts';
import { isRolledOut } from './rolled-out.ts';
import { pathOf } from './traffic-objects.ts';

/**
 * What `kubectl -n NAMESPACE apply --server-side -f FILE` and `kubectl -n NAMESPACE rollout status deployment/NAME` do for a reader of a
 * page, at the API server of this access, and the line of each.
 */
const [, given = '', verb, ...words] = process.argv.slice(2);
const named = words.at(-1) ?? '';
const api = new Api(JSON.parse(process.env['CLUSTER_ACCESS'] ?? ''));
const namespace = process.env['CLUSTER_NAMESPACE'] ?? given;
process.stdout.write(`${verb === 'rollout' ? await rolledOut(named) : await applied(named)}\n`);
api.close();

async function applied(file: string): Promise<string> {
  const manifest = parse(readFileSync(file, 'utf8')) as Manifest;
  const path = pathOf(manifest.kind, namespace, manifest.metadata.name);
  await api.must('PATCH', `${path}?fieldManager=kubectl`, manifest, 'application/apply-patch+yaml');
  const group = manifest.apiVersion.includes('/') ? `.${manifest.apiVersion.split('/')[0]}` : '';
  return `${manifest.kind.toLowerCase()}${group}/${manifest.metadata.name} serverside-applied`;
}

async function rolledOut(deployment: string): Promise<string> {
  const name = deployment.replace(/^deployment\//, '');
  await api.until(pathOf('Deployment', namespace), (object) => object.metadata.name === name && isRolledOut(object));
  return `deployment "${name}" successfully rolled out`;
}
