import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after } from 'node:test';
import { clusterClient } from '../../../src/adapters/kit/kubernetes/cluster-client.ts';
import { clusterRecord } from '../../../src/adapters/record/cluster.ts';
import { systemClock } from '../../../src/adapters/system/clock.ts';
import { deploymentTarget } from '../../../src/adapters/target/deployment.ts';
import { istioTraffic } from '../../../src/adapters/traffic/istio.ts';
import { readConfiguration } from '../../../src/configure/read.ts';
import type { ClusterServing, IstioTraffic, Service } from '../../../src/model/service.ts';
import { targetContract } from '../../contract/target-contract.ts';
import { imageOf, sampleVersion } from '../../target/sample-versions.ts';
import { startControlPlane } from './control-plane.ts';
import { configuration, makeRouted, service, template } from './served-service.ts';

const plane = await startControlPlane({ pods: true });
after(() => plane[Symbol.asyncDispose]());

const { signal } = new AbortController();

targetContract('deployment', async () => {
  const namespace = await plane.namespace();
  await makeRouted(plane, namespace, 'istio');
  const served = serviceIn(namespace);
  const serving = served.serving as ClusterServing;
  const cluster = clusterClient({ context: null, namespace, kubeconfig: plane.kubeconfig() }, systemClock);
  const traffic = istioTraffic(served, serving.traffic as IstioTraffic, cluster, systemClock);
  return {
    target: deploymentTarget(served, serving, cluster, { record: clusterRecord(service, cluster), traffic }),
    version: (version) => sampleVersion(version, { image: imageOf(version) }),
    hopeless: (version) => sampleVersion(version, { image: imageOf(version, 'unpullable.test/fraud') }),
    route: (weights) => traffic.write(weights, 'op/route', 1, signal),
    [Symbol.asyncDispose]: async () => cluster.close(),
  };
});

function serviceIn(namespace: string): Service {
  const folder = mkdtempSync(join(tmpdir(), 'sofare-cluster-'));
  writeFileSync(join(folder, 'deployment.yaml'), template);
  const text = configuration(namespace, 'istio', {});
  const { services } = readConfiguration({ text, file: join(folder, 'sofare.yaml'), found: 'by the test', environment: {} });
  return services[service] as Service;
}
