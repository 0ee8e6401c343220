import type { Manifest } from '../../test/real/kubernetes/api.ts';
import type { ControlPlane } from '../../test/real/kubernetes/control-plane.ts';
import { deployment } from '../../test/real/kubernetes/manifests.ts';
import { strategies, virtualService } from './argo-strategies.ts';
import { timed } from './timed.ts';
import type { Seen, Watcher } from './watcher.ts';
import { within } from './within.ts';

const merge = 'application/merge-patch+json';
const hashLabel = 'rollouts-pod-template-hash';

/**
 * A service in the hands of the Argo Rollouts controller, as quick as it can be: old pods stay up after an abort and after a promotion,
 * and a way back within `rollbackWindow` leaves all steps out.
 */
export async function rolledOutByArgo(plane: ControlPlane, watcher: Watcher, by: keyof typeof strategies) {
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
  await admin.must('POST', rollouts, {
    apiVersion: 'argoproj.io/v1alpha1',
    kind: 'Rollout',
    metadata: { name: 'model' },
    spec: { ...deployment('model', 1)['spec'], ...strategies[by] },
  });
  const rests = (...phases: readonly string[]): Promise<Manifest> =>
    admin.until(rollouts, ({ metadata, status }) => {
      const observed = status?.observedGeneration === String(metadata['generation']);
      return observed && phases.includes(status?.phase);
    });
  const wants = (image: string) => admin.must('PATCH', `${rollouts}/model`, { spec: { template: template(image) } }, merge);
  const status = (change: object) => admin.must('PATCH', `${rollouts}/model/status`, { status: change }, merge);
  const weights = ({ weights: of }: Seen): Readonly<Record<string, number>> =>
    by === 'canary' ? of(`${namespace}/model`) : { stable: 100 };
  /** The share of the pods of this hash, through whichever Services they are reached. */
  const share = (seen: Seen, hash: string): number =>
    Object.entries(weights(seen)).reduce(
      (sum, [host, weight]) => sum + (seen.selector(`${namespace}/${host}`)[hashLabel] === hash ? weight : 0),
      0,
    );
  const first = (await rests('Healthy'))['status'].currentPodHash as string;
  let deployed = false;
  const canary = async (): Promise<void> => {
    if (deployed) await status({ abort: false });
    else await wants('model:2');
    deployed = true;
    await watcher.until((seen) => weights(seen)['stable'] === 90);
    await rests('Paused');
  };
  const has = (hash: (stable: string) => boolean): Promise<Manifest> =>
    admin.until(rollouts, ({ status: at }) => at?.phase === 'Healthy' && hash(at.stableRS));
  const promoted = async (): Promise<void> => {
    await wants('model:2');
    if (by === 'canary') {
      await rests('Paused');
      await status({ promoteFull: true });
    }
    await within(
      'new version is stable',
      has((stable) => stable !== first),
    );
    // Told in one order, seen in another: nothing begins before the watcher has seen that too.
    await watcher.until((seen) => share(seen, first) === 0);
  };
  return {
    /** Of a canary at 10 %: from the PATCH of status.abort. */
    abort: async (): Promise<number> => {
      await canary();
      const back = (seen: Seen): boolean => weights(seen)['stable'] === 100;
      const took = await timed(watcher, back, () => status({ abort: true }));
      await rests('Degraded');
      return took;
    },
    /** After promotion, as `undo` does it: from the PATCH of the template to what it was before. */
    undo: async (): Promise<number> => {
      await promoted();
      const back = (seen: Seen): boolean => share(seen, first) === 100;
      const took = await within(
        'way back is seen',
        timed(watcher, back, () => wants('model:1')),
      );
      await within(
        'old version is stable again',
        has((stable) => stable === first),
      );
      return took;
    },
  };
}

function template(image: string): unknown {
  return deployment('model', 1, image)['spec'].template;
}
