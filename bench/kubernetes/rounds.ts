import { startControlPlane } from '../../test/real/kubernetes/control-plane.ts';
import { barePatches } from './bare-patch.ts';
import { rolledOutByArgo } from './rolled-out-by-argo.ts';
import { servedBySofare } from './served-by-sofare.ts';
import { Watcher } from './watcher.ts';

/** What one round measures, in ms, in the order in which it does. */
export type Measured = 'patch' | 'patchRoundTrip' | 'abort by sofare' | 'abort by Argo';

export type Samples = Readonly<Record<Measured, readonly number[]>>;

/** Rounds of everything, one after the other on one API server, so that what disturbs one disturbs all alike. */
export async function measureRounds(rounds: number, say: (text: string) => void): Promise<Samples> {
  await using plane = await startControlPlane({
    pods: true,
    customResources: ['istio', 'argo-rollouts'],
    argoRollouts: true,
    durable: true,
  });
  using watcher = new Watcher(plane.admin.access);
  const bare = await barePatches(plane, watcher);
  const argo = await rolledOutByArgo(plane, watcher);
  await using sofare = await servedBySofare(plane, watcher);
  const samples: Record<Measured, number[]> = { 'patch': [], 'patchRoundTrip': [], 'abort by sofare': [], 'abort by Argo': [] };
  // The first of each opens connections, and fills caches on all sides.
  for (let round = -1; round < rounds; round += 1) {
    const { seen, roundTrip } = await bare();
    const of: Record<Measured, number> = {
      'patch': seen,
      'patchRoundTrip': roundTrip,
      'abort by sofare': await sofare.abort(),
      'abort by Argo': await argo.abort(),
    };
    if (round < 0) continue;
    for (const [name, took] of Object.entries(of)) samples[name as Measured].push(took);
    if ((round + 1) % 10 === 0) say(`${round + 1} of ${rounds} rounds`);
  }
  return samples;
}
