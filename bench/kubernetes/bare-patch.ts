import type { ControlPlane } from '../../test/real/kubernetes/control-plane.ts';
import { moment } from './moment.ts';
import { timed } from './timed.ts';
import type { Watcher } from './watcher.ts';

export interface BarePatch {
  /** Sent until the watcher has seen it, in ms. */
  readonly seen: number;
  /** Sent until its answer is read. */
  readonly roundTrip: number;
}

/** A VirtualService that nothing else writes, and one PATCH of its weights: 90:10 to 100:0. */
export async function barePatches(plane: ControlPlane, watcher: Watcher): Promise<() => Promise<BarePatch>> {
  const { admin } = plane;
  const namespace = await plane.namespace();
  const path = `/apis/networking.istio.io/v1/namespaces/${namespace}/virtualservices`;
  const route = ['old', 'new'].map((host) => ({ destination: { host }, weight: host === 'old' ? 90 : 10 }));
  const object = { apiVersion: 'networking.istio.io/v1', kind: 'VirtualService', metadata: { name: 'bare' } };
  await admin.must('POST', path, { ...object, spec: { hosts: ['bare'], http: [{ route }] } });
  const patch = (weights: readonly number[]) =>
    admin.must('PATCH', `${path}/bare`, weights.map(replaced), 'application/json-patch+json');
  const has = (weight: number) => watcher.until(({ weights }) => weights(`${namespace}/bare`)['old'] === weight);
  return async () => {
    await patch([90, 10]);
    await has(90);
    let answered = 0;
    const began = moment();
    const seen = await timed(
      watcher,
      ({ weights }) => weights(`${namespace}/bare`)['old'] === 100,
      async () => {
        await patch([100, 0]);
        answered = moment();
      },
    );
    return { seen, roundTrip: answered - began };
  };
}

function replaced(value: number, index: number) {
  return { op: 'replace', path: `/spec/http/0/route/${index}/weight`, value };
}
