import { after } from 'node:test';
import { clusterClient } from '../../../src/adapters/kit/kubernetes/cluster-client.ts';
import { clusterRecord } from '../../../src/adapters/record/cluster.ts';
import { systemClock } from '../../../src/adapters/system/clock.ts';
import { recordContract } from '../../contract/record-contract.ts';
import { startControlPlane } from './control-plane.ts';

const plane = await startControlPlane({ pods: false });
after(() => plane[Symbol.asyncDispose]());

recordContract('cluster', async () => {
  const namespace = await plane.namespace();
  const place = { context: null, namespace, kubeconfig: plane.kubeconfig() };
  const [one, other] = [clusterClient(place, systemClock), clusterClient(place, systemClock)];
  return {
    one: clusterRecord('fraud', one),
    other: clusterRecord('fraud', other),
    [Symbol.asyncDispose]: async () => {
      one.close();
      other.close();
    },
  };
});
