import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Manifest } from '../kubernetes/api.ts';
import { type ControlPlane, startControlPlane } from '../kubernetes/control-plane.ts';
import { deployment } from '../kubernetes/manifests.ts';

let plane: ControlPlane;

before(async () => {
  plane = await startControlPlane({ pods: true, customResources: ['istio', 'argo-rollouts'], argoRollouts: true });
});

after(() => plane?.[Symbol.asyncDispose]());

const names = ['stable', 'canary'];

const virtualService: Manifest = {
  apiVersion: 'networking.istio.io/v1',
  kind: 'VirtualService',
  metadata: { name: 'model' },
  spec: {
    hosts: ['model'],
    http: [{ name: 'primary', route: names.map((host, index) => ({ destination: { host }, weight: index === 0 ? 100 : 0 })) }],
  },
};

const rollout: Manifest = {
  apiVersion: 'argoproj.io/v1alpha1',
  kind: 'Rollout',
  metadata: { name: 'model' },
  spec: {
    ...deployment('model', 2)['spec'],
    strategy: {
      canary: {
        stableService: 'stable',
        canaryService: 'canary',
        trafficRouting: { istio: { virtualService: { name: 'model', routes: ['primary'] } } },
        steps: [{ setWeight: 10 }, { pause: {} }],
      },
    },
  },
};

const weights = ({ spec }: Manifest): string => spec.http[0].route.map(({ weight }: { weight: number }) => weight).join(':');

test('the Argo Rollouts controller shifts a canary by the VirtualService, and takes it back when it is aborted', async (context) => {
  const { admin } = plane;
  const namespace = await plane.namespace();
  const services = `/api/v1/namespaces/${namespace}/services`;
  const routes = `/apis/networking.istio.io/v1/namespaces/${namespace}/virtualservices`;
  const rollouts = `/apis/argoproj.io/v1alpha1/namespaces/${namespace}/rollouts`;
  for (const name of names) {
    const spec = { selector: { app: 'model' }, ports: [{ port: 80 }] };
    await admin.must('POST', services, { apiVersion: 'v1', kind: 'Service', metadata: { name }, spec });
  }
  await admin.must('POST', routes, virtualService);
  await admin.must('POST', rollouts, rollout);
  await admin.until(rollouts, ({ status }) => status?.phase === 'Healthy');
  const changed = { spec: { template: deployment('model', 2, 'model:2')['spec'].template } };
  await admin.must('PATCH', `${rollouts}/model`, changed, 'application/merge-patch+json');
  assert.equal(weights(await admin.until(routes, (route) => weights(route) !== '100:0')), '90:10');
  await admin.until(rollouts, ({ status }) => status.phase === 'Paused');
  const begun = performance.now();
  await admin.must('PATCH', `${rollouts}/model/status`, { status: { abort: true } }, 'application/merge-patch+json');
  await admin.until(routes, (route) => weights(route) === '100:0');
  context.diagnostic(`all traffic back ${Math.round(performance.now() - begun)} ms after the abort`);
  const { status } = await admin.until(rollouts, (object) => object['status'].phase === 'Degraded');
  assert.match(status.message, /RolloutAborted/);
});
