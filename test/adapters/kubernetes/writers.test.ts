import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { KubernetesObject, ManagedFields } from '../../../src/adapters/kit/kubernetes/kubernetes-object.ts';
import { writersOf } from '../../../src/adapters/kit/kubernetes/writers.ts';

const spec = { 'f:spec': { 'f:http': {} } };
const manager = (name: string, more: ManagedFields = {}): ManagedFields => ({ manager: name, fieldsV1: spec, ...more });

test('a controller that writes again is told from people and from what was run once', () => {
  const writers = writersOf(object([manager('kubectl-client-side-apply'), manager('Helm'), manager('argocd-controller')]));
  assert.deepEqual(writers, [
    { called: 'Argo CD', active: true, pause: null },
    { called: 'kubectl-client-side-apply', active: false, pause: null },
    { called: 'Helm', active: false, pause: null },
  ]);
});

test('the mark that a GitOps controller leaves says for what it writes, even where its manager has no field any more', () => {
  const argo = object([], {
    annotations: { 'argocd.argoproj.io/tracking-id': 'shop:networking.istio.io/VirtualService:serving/fraud' },
  });
  assert.deepEqual(writersOf(argo), [
    { called: 'Argo CD (application shop)', active: true, pause: 'argocd app set shop --sync-policy none' },
  ]);
  const labels = { 'kustomize.toolkit.fluxcd.io/name': 'apps', 'kustomize.toolkit.fluxcd.io/namespace': 'flux-system' };
  assert.deepEqual(writersOf(object([manager('kustomize-controller')], { labels })), [
    { called: 'Flux (Kustomization flux-system/apps)', active: true, pause: 'flux suspend kustomization apps -n flux-system' },
  ]);
});

test('what nobody here knows writes again if it declares what it wants; we ourselves, and who only writes the status, are not named', () => {
  const managed = [
    manager('sofare'),
    manager('istiod', { subresource: 'status' }),
    { manager: 'labeller', fieldsV1: { 'f:metadata': {} } },
    manager('our-own-operator', { operation: 'Apply' }),
    manager('a-script', { operation: 'Update' }),
  ];
  assert.deepEqual(writersOf(object(managed)), [
    { called: 'our-own-operator', active: true, pause: null },
    { called: 'a-script', active: false, pause: null },
  ]);
});

function object(managedFields: readonly ManagedFields[], more: object = {}): KubernetesObject {
  return { apiVersion: 'networking.istio.io/v1', kind: 'VirtualService', metadata: { name: 'fraud', managedFields, ...more } };
}
