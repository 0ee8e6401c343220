import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  type ClusterClient,
  clusterClient,
  requestsAtOnce,
  requestsPerSecond,
} from '../../src/adapters/kit/kubernetes/cluster-client.ts';
import { clusterRecord } from '../../src/adapters/record/cluster.ts';
import { systemClock } from '../../src/adapters/system/clock.ts';
import { systemTurn } from '../../src/adapters/system/turn.ts';
import { istioTraffic } from '../../src/adapters/traffic/istio.ts';
import { exitOf } from '../../src/operate/outcome.ts';
import { rollback } from '../../src/operate/rollback.ts';
import { noFailpoints } from '../../src/ports/failpoints.ts';
import { movePointer } from '../../src/registry/pointer.ts';
import { changeShares } from '../../src/registry/shares.ts';
import { openSqlite } from '../../src/store/sqlite.ts';
import { rollbackRequest } from '../../test/fixtures/fake-engine.ts';
import { manyServices, type ServiceOfMany } from '../../test/fixtures/many-services.ts';
import { startControlPlane } from '../../test/real/kubernetes/control-plane.ts';
import { type Figure, figure } from '../measure.ts';
import { createFleet } from './fleet-objects.ts';
import { moment } from './moment.ts';
import { requestMoments } from './request-moments.ts';
import { Watcher } from './watcher.ts';

export interface Fleet {
  readonly services: number;
  /** When each request was sent, in ms from the call. */
  readonly requests: readonly number[];
  /** Beside the burst that is allowed at the beginning. */
  readonly perSecond: number;
  /** What the client allows itself in the long run. */
  readonly budget: number;
  /** From the one call until the watcher saw the route of each, in ms. */
  readonly written: readonly number[];
}

/**
 * Many services taken back at once by one process, on etcd and an API server without anything else: their routes, the Services of their
 * versions with their EndpointSlices, and their records are real. Left out: Deployments and pods; what runs is told from
 * memory, which saves a rollback the 6 lists of them.
 */
export async function measureFleet(services: number, say: (text: string) => void): Promise<Fleet> {
  await using plane = await startControlPlane({ pods: false, customResources: ['istio'], durable: true });
  const namespace = await plane.namespace();
  const folder = mkdtempSync(join(tmpdir(), 'sofare-bench-'));
  const file = join(folder, 'registry.db');
  const store = await openSqlite({ file, readOnly: false, clock: systemClock, failpoints: noFailpoints, turn: systemTurn });
  const client = clusterClient({ context: null, namespace, kubeconfig: plane.kubeconfig() }, systemClock);
  const sent = requestMoments(plane.admin.access.address);
  try {
    const many = await manyServices(store, services, { clock: systemClock, before: () => {} });
    const names = many.map(({ engine }) => engine.service.name);
    await createFleet(plane.admin, namespace, names, say);
    await store.transaction('promote', async (transaction, at) => {
      for (const service of names) {
        const by = { service, at, operation: 'promotion', actor: 'ana', reason: 'bench' };
        await changeShares(transaction, { ...by, weights: { '2.0.0': 100 }, requests: {} });
        await movePointer(transaction, { ...by, version: '2.0.0', source: 'witnessed' });
      }
    });
    using watcher = new Watcher(plane.admin.access);
    const back = (name: string) => watcher.until(({ weights }) => weights(`${namespace}/${name}`)[`${name}-1-0-0`] === 100);
    await watcher.until(({ weights }) => weights(`${namespace}/${names.at(-1)}`)[`${names.at(-1)}-2-0-0`] === 100);
    sent.moments.length = 0;
    const began = moment();
    const seen = Promise.all(names.map(back));
    const ended = await Promise.all(many.map((each) => rollback(inCluster(each, client), rollbackRequest({ to: '1.0.0' }))));
    const failed = ended.filter((outcome) => exitOf(outcome) !== 0).length;
    if (failed > 0) throw new Error(`${failed} of ${services} rollbacks were not completed`);
    const written = (await seen).map((at) => at - began);
    const requests = sent.moments.map((at) => at - began);
    const perSecond = ((requests.length - requestsAtOnce) / Math.max(...requests)) * 1_000;
    return { services, requests, perSecond, budget: requestsPerSecond, written };
  } finally {
    sent[Symbol.dispose]();
    client.close();
    await store.close();
    rmSync(folder, { recursive: true });
  }
}

/** The same service with its routes and its record in the cluster. */
function inCluster({ engine, world }: ServiceOfMany, client: ClusterClient): ServiceOfMany['engine'] {
  const { name } = engine.service;
  const virtualService = {
    kind: 'istio',
    virtualService: name,
    routes: null,
    destinationRule: null,
    address: 'http://fraud',
  } as const;
  const target = { ...world.target };
  return {
    ...engine,
    probe: { get: async () => ({ answered: true, status: 200, took: 1, body: JSON.stringify({ versions: ['1.0.0'] }) }) },
    world: {
      ...world,
      target,
      traffic: istioTraffic(engine.service, virtualService, client, systemClock),
      record: clusterRecord(name, client),
    },
  };
}

export function fleetFigures({ services, requests, perSecond, budget, written }: Fleet): readonly Figure[] {
  const what = `${services.toLocaleString('en-US')} services rolled back at once`;
  return [
    figure(`${what}: requests of the API server`, 'per second', [perSecond], {
      goal: budget,
      beside: `${requests.length.toLocaleString('en-US')} requests; beside a burst of ${requestsAtOnce}`,
    }),
    figure(`${what}: call to route written`, 'ms', written),
  ];
}
