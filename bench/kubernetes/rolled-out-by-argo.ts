import type { Manifest } from '../../test/real/kubernetes/api.ts';
import type { ControlPlane } from '../../test/real/kubernetes/control-plane.ts';
import { deployment } from '../../test/real/kubernetes/manifests.ts';
import { timed } from './timed.ts';
import type { Watcher } from './watcher.ts';

const merge = 'application/merge-patch+json';

/**
 * A service in the hands of the Argo Rollouts controller, a canary behind a VirtualService, as quick as it can be: old pods stay up after
 * an abort and after a promotion, and a way back within `rollbackWindow` leaves all steps out.
 */
export async function rolledOutByArgo(plane: ControlPlane, watcher: Watcher) {
  const { admin } = plane;
  const namespace = await plane.namespace();
  const services = `/api/v1/namespaces/${namespace}/services`;
  const routes = `/apis/networking.istio.io/v1/namespaces/${namespace}/virtualservices`;
  const rollouts = `/apis/argoproj.io/v1alpha1/namespaces/${namespace}/rollouts`;
  for (const name of ['stable', 'canary']) {
    const spec = { selector: { app: 'model' }, ports: [{ port: 80 }] };
    await admin.must('POST', services, { apiVersion: 'v1', kind: 'Service', metadata: { name }, spec });
  }
  await admin.must('POST', routes, virtualService);
  await admin.must('POST', rollouts, rollout);
  const rests = (phase: string) =>
    admin.until(rollouts, ({ metadata, status }) => {
      const observed = String(status?.observedGeneration) === String(metadata['generation']);
      return observed && status?.phase === phase;
    });
  await rests('Healthy');
  const status = (change: object) => admin.must('PATCH', `${rollouts}/model/status`, { status: change }, merge);
  const stable = (share: number) => watcher.until(({ weights }) => weights(`${namespace}/model`)['stable'] === share);
  let deployed = false;
  return {
    /** Of a canary at 10 %: from the PATCH of status.abort. */
    abort: async (): Promise<number> => {
      if (deployed) await status({ abort: false });
      else await admin.must('PATCH', `${rollouts}/model`, { spec: { template: template('model:2') } }, merge);
      deployed = true;
      await stable(90);
      await rests('Paused');
      const took = await timed(
        watcher,
        ({ weights }) => weights(`${namespace}/model`)['stable'] === 100,
        () => status({ abort: true }),
      );
      await rests('Degraded');
      return took;
    },
  };
}

const virtualService: Manifest = {
  apiVersion: 'networking.istio.io/v1',
  kind: 'VirtualService',
  metadata: { name: 'model' },
  spec: {
    hosts: ['model'],
    http: [
      {
        name: 'primary',
        route: ['stable', 'canary'].map((host) => ({ destination: { host }, weight: host === 'stable' ? 100 : 0 })),
      },
    ],
  },
};

const rollout: Manifest = {
  apiVersion: 'argoproj.io/v1alpha1',
  kind: 'Rollout',
  metadata: { name: 'model' },
  spec: {
    ...deployment('model', 1)['spec'],
    strategy: {
      canary: {
        stableService: 'stable',
        canaryService: 'canary',
        abortScaleDownDelaySeconds: 0,
        scaleDownDelaySeconds: 86_400,
        trafficRouting: { istio: { virtualService: { name: 'model', routes: ['primary'] } } },
        steps: [{ setWeight: 10 }, { pause: {} }],
      },
    },
  },
};

function template(image: string): unknown {
  return deployment('model', 1, image)['spec'].template;
}
