import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { parse } from 'yaml';
import { blocksOf } from '../../docs/console.ts';
import { Api } from './api.ts';
import { startControlPlane } from './control-plane.ts';
import { makeRouted, ServedService } from './served-service.ts';
import { type Rule, serviceAccount } from './service-account.ts';

const plane = await startControlPlane({ pods: true });
after(() => plane[Symbol.asyncDispose]());

/** One more than are remembered at rest, and the two that stay. */
const versions = Array.from({ length: 13 }, (_, index) => `1.${index}.0`);

test('the role of docs/kubernetes.md is enough for every change, to the forgetting of old versions, and lets nobody read a Secret', async () => {
  const block = blocksOf('docs/kubernetes.md').find(({ text }) => text.startsWith('# role.yaml'));
  const { rules } = parse(block?.text ?? '') as { readonly rules: readonly Rule[] };
  const namespace = await plane.namespace();
  await makeRouted(plane, namespace, 'istio');
  const access = await serviceAccount(plane.admin, namespace, 'sofare', rules);
  process.env['KUBECONFIG'] = plane.kubeconfig(access, namespace);
  await using served = ServedService.beside(plane, namespace, 'istio', { warm: '0s' });
  for (const version of versions) {
    await served.register(version);
    await served.must(0, 'deploy', version, '-y');
  }
  await served.register('2.0.0');
  await served.must(0, 'deploy', '2.0.0', '--steps', '10', '-y');
  await served.must(0, 'abort', '-y');
  await served.must(0, 'rollback', '-y');
  await served.must(0, 'unhold');
  await served.must(0, 'history');
  const { items } = await plane.admin.must('GET', served.path('/apis/apps/v1', 'deployments'));
  const names = (items as readonly { metadata: { name: string } }[]).map(({ metadata }) => metadata.name);
  assert.ok(!names.includes('fraud-1-0-0') && names.includes('fraud-1-12-0'), names.join(' '));
  const api = new Api(access);
  assert.equal((await api.send('GET', served.path('/api/v1', 'secrets'))).status, 403);
  api.close();
});
