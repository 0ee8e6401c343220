import { startControlPlane } from '../../test/real/kubernetes/control-plane.ts';
import { barePatches } from './bare-patch.ts';
import { rolledOutByArgo } from './rolled-out-by-argo.ts';
import { servedBySofare } from './served-by-sofare.ts';
import { Watcher } from './watcher.ts';
import { NotInTime, within } from './within.ts';

const measured = [
  'patch',
  'patch round trip',
  'abort by sofare',
  'abort by Argo',
  'rollback by sofare',
  'undo by Argo, canary',
  'undo by Argo, blue-green',
  'rollback by a command',
] as const;

export type Measured = (typeof measured)[number];

/** In ms. */
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
  /** A Rollout that has come to a halt is told of, and another takes its place: there is nothing to measure in it. */
  const argo = async (name: Measured, by: 'canary' | 'blue-green', way: 'abort' | 'undo') => {
    let rollout = await rolledOutByArgo(plane, watcher, by);
    return async (): Promise<number> => {
      for (;;) {
        try {
          return await within(name, rollout[way]());
        } catch (error) {
          if (!(error instanceof NotInTime)) throw error;
          say(`${error.message}: a new Rollout takes its place`);
          rollout = await rolledOutByArgo(plane, watcher, by);
        }
      }
    };
  };
  const aborted = await argo('abort by Argo', 'canary', 'abort');
  const undone = await argo('undo by Argo, canary', 'canary', 'undo');
  const switched = await argo('undo by Argo, blue-green', 'blue-green', 'undo');
  await using sofare = await servedBySofare(plane, watcher);
  const samples = Object.fromEntries(measured.map((name) => [name, [] as number[]])) as Record<Measured, number[]>;
  // The first of each opens connections, and fills caches on all sides.
  for (let round = -1; round < rounds; round += 1) {
    const { seen, roundTrip } = await bare();
    const of: Record<Measured, number> = {
      'patch': seen,
      'patch round trip': roundTrip,
      'abort by sofare': await within('abort by sofare', sofare.abort()),
      'abort by Argo': await aborted(),
      'rollback by sofare': await within('rollback by sofare', sofare.rollback()),
      'undo by Argo, canary': await undone(),
      'undo by Argo, blue-green': await switched(),
      'rollback by a command': await within('rollback by a command', sofare.command()),
    };
    if (round < 0) continue;
    for (const name of measured) samples[name].push(of[name]);
    if ((round + 1) % 10 === 0) say(`${round + 1} of ${rounds} rounds`);
  }
  return samples;
}
