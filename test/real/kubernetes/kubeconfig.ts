import { writeFileSync } from 'node:fs';
import type { Access } from './api.ts';

/** Writes a kubeconfig with one context of this name. YAML reads JSON, so it is JSON. */
export function writeKubeconfig(file: string, access: Access, namespace: string, context = 'sofare'): string {
  const authority = Buffer.from(access.authority).toString('base64');
  const config = {
    'apiVersion': 'v1',
    'kind': 'Config',
    'clusters': [{ name: context, cluster: { 'server': access.address, 'certificate-authority-data': authority } }],
    'users': [{ name: context, user: { token: access.token } }],
    'contexts': [{ name: context, context: { cluster: context, user: context, namespace } }],
    'current-context': context,
  };
  writeFileSync(file, JSON.stringify(config, null, 2), { mode: 0o600 });
  return file;
}
