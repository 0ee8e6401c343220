import type { Manifest } from './api.ts';

/** The smallest Deployment. An image of `unpullable.test/` is never pulled (pod-stages.yaml). */
export function deployment(name: string, replicas: number, image = 'model:1'): Manifest {
  const labels = { app: name };
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name, labels },
    spec: {
      replicas,
      selector: { matchLabels: labels },
      template: { metadata: { labels }, spec: { containers: [{ name: 'model', image, ports: [{ containerPort: 8080 }] }] } },
    },
  };
}
