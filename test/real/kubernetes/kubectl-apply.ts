import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { Api, type Manifest } from './api.ts';
import { pathOf } from './traffic-objects.ts';

/** What `kubectl -n NAMESPACE apply -f FILE` does for a reader of a page, at the API server of this access: server-side apply, and its line. */
const [, namespace = '', , , file = ''] = process.argv.slice(2);
const api = new Api(JSON.parse(process.env['CLUSTER_ACCESS'] ?? ''));
const manifest = parse(readFileSync(file, 'utf8')) as Manifest;
const path = pathOf(manifest.kind, process.env['CLUSTER_NAMESPACE'] ?? namespace, manifest.metadata.name);
await api.must('PATCH', `${path}?fieldManager=kubectl`, manifest, 'application/apply-patch+yaml');
process.stdout.write(`${manifest.kind.toLowerCase()}/${manifest.metadata.name} serverside-applied\n`);
api.close();
