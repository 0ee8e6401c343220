import type { Manifest } from '../../test/real/kubernetes/api.ts';

const day = 86_400;

/** How Argo Rollouts takes the way back that it is best at, for each of its strategies. */
export const strategies = {
  'canary': {
    rollbackWindow: { revisions: 3 },
    strategy: {
      canary: {
        stableService: 'stable',
        canaryService: 'canary',
        abortScaleDownDelaySeconds: 0,
        scaleDownDelaySeconds: day,
        trafficRouting: { istio: { virtualService: { name: 'model', routes: ['primary'] } } },
        steps: [{ setWeight: 10 }, { pause: {} }],
      },
    },
  },
  'blue-green': { strategy: { blueGreen: { activeService: 'stable', scaleDownDelaySeconds: day } } },
} as const;

/** The pauses of the canary steps in the specification, 5 and 10 minutes: without `rollbackWindow` an undo goes through them again. Stated, not measured. */
export const pausesOfTheSpecification = 900_000;

export const virtualService: Manifest = {
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
