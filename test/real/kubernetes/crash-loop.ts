import type { Api, Manifest } from './api.ts';

/** Makes a pod that runs one whose containers crash again and again: what a kubelet would say of it. kwok leaves it so. */
export async function crashLoop(admin: Api, namespace: string, name: string): Promise<void> {
  const path = `/api/v1/namespaces/${namespace}/pods/${name}`;
  const pod = await admin.must('GET', path);
  const { conditions, containerStatuses } = pod['status'];
  const unready = /^(?:Ready|ContainersReady)$/;
  const status = {
    ...pod['status'],
    conditions: conditions.map((condition: Manifest) =>
      unready.test(condition['type']) ? { ...condition, status: 'False', reason: 'ContainersNotReady' } : condition,
    ),
    containerStatuses: containerStatuses.map((container: Manifest) => ({
      ...container,
      ready: false,
      started: false,
      restartCount: container['restartCount'] + 1,
      state: { waiting: { reason: 'CrashLoopBackOff', message: 'back-off 10s restarting failed container' } },
    })),
  };
  await admin.must('PUT', `${path}/status`, { ...pod, status });
}
