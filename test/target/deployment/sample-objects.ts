import { marks } from '../../../src/adapters/kit/kubernetes/fence.ts';
import { versionLabels } from '../../../src/adapters/target/deployment/manifest.ts';
import type { Deployment } from '../../../src/adapters/target/deployment/observed-versions.ts';
import type { Pod } from '../../../src/adapters/target/deployment/pod.ts';
import { imageOf } from '../sample-versions.ts';

export const service = 'fraud';
const image = imageOf('1.2.0');

/** The Deployment of 1.2.0 as the server would show it. */
export function deployment(
  changes: Partial<Pick<Deployment, 'spec' | 'status'>> & { readonly metadata?: object } = {},
): Deployment {
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    spec: { replicas: 2, progressDeadlineSeconds: 300 },
    status: { observedGeneration: 1 },
    ...changes,
    metadata: {
      name: 'fraud-1-2-0',
      generation: 1,
      labels: versionLabels(service, '1.2.0'),
      annotations: {
        [marks.version]: '1.2.0',
        [marks.bundle]: 'sha256:of-1.2.0',
        [marks.fence]: '4',
        [marks.template]: JSON.stringify({ spec: { containers: [{ name: 'model', image }] } }),
      },
      ...changes.metadata,
    },
  };
}

/** A pod of 1.2.0 that runs and is ready. */
export function pod(name: string, changes: Partial<Pick<Pod, 'spec' | 'status'>> & { readonly metadata?: object } = {}): Pod {
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    spec: { containers: [{ name: 'model', image }] },
    status: { phase: 'Running', podIP: '10.0.0.7', conditions: [{ type: 'Ready', status: 'True' }] },
    ...changes,
    metadata: { name, labels: versionLabels(service, '1.2.0'), ...changes.metadata },
  };
}

/** A pod whose container waits for this reason, after as many restarts. */
export function waiting(name: string, reason: string, restartCount = 0, message?: string): Pod {
  return pod(name, {
    status: {
      phase: 'Pending',
      conditions: [{ type: 'Ready', status: 'False' }],
      containerStatuses: [
        {
          name: 'model',
          restartCount,
          state: { waiting: { reason, ...(message === undefined ? {} : { message }) } },
          lastState: { terminated: { exitCode: 3, reason: 'Error' } },
        },
      ],
    },
  });
}
