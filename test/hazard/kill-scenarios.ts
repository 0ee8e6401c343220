import assert from 'node:assert/strict';
import { isDeepStrictEqual } from 'node:util';
import { Load } from '../fixtures/load.ts';
import { Local } from '../fixtures/local.ts';
import { gaps, killedAt, type KillPoint, trace } from './kill-points.ts';

/** A change, from the same beginning each time to the version that must serve in the end. */
export interface Scenario {
  readonly kind: string;
  readonly effects: readonly string[];
  /** Brings the service to where the change begins, with a version never seen before. */
  readonly prepare: (local: Local, version: string) => Promise<void>;
  readonly words: (version: string) => readonly string[];
  readonly serves: (version: string) => string;
  readonly clean: (local: Local, version: string) => Promise<void>;
}

const stable = '1.0.0';

export const scenarios: readonly Scenario[] = [
  {
    kind: 'deploy',
    effects: ['wake', 'route'],
    prepare: async (local, version) => void (await local.must(0, 'register', version, local.model(version))),
    words: (version) => ['deploy', version, '-y'],
    serves: (version) => version,
    clean: async (local) => {
      await local.must(0, 'rollback', '--to', stable, '-y');
      await local.must(0, 'unhold');
    },
  },
  {
    kind: 'rollback',
    effects: ['route'],
    prepare: async (local, version) => {
      await local.must(0, 'register', version, local.model(version));
      await local.must(0, 'deploy', version, '-y');
    },
    words: () => ['rollback', '--reason', 'worse answers'],
    serves: () => stable,
    clean: async (local) => void (await local.must(0, 'unhold')),
  },
  {
    kind: 'abort',
    effects: ['route'],
    prepare: async (local, version) => {
      await local.must(0, 'register', version, local.model(version));
      await local.must(0, 'deploy', version, '--steps', '10', '-y');
    },
    words: () => ['abort', '-y'],
    serves: () => stable,
    clean: async () => {},
  },
];

/** Kills a change at each of the chosen points under load, resumes it each time, and gives back what was seen. Fails where anything is left undone or lost. */
export async function surviveKills(
  scenario: Scenario,
  choose: (point: KillPoint, index: number) => boolean,
): Promise<{ readonly points: number; readonly killed: number; readonly requests: number }> {
  await using local = new Local();
  await local.must(0, 'up', '--unsupervised');
  await local.must(0, 'register', stable, local.model(stable));
  await local.must(0, 'deploy', stable, '-y');
  const { address } = await local.service();
  const load = new Load(address, 50);
  let number = 0;
  const next = (): string => `2.0.${number++}`;

  const first = next();
  await scenario.prepare(local, first);
  const points = await trace(local, scenario.words(first));
  assert.deepEqual(gaps(points, scenario.effects), []);
  await scenario.clean(local, first);

  const chosen = points.filter(choose);
  for (const point of chosen) await survives(local, scenario, point, next());
  await load.stop();
  assert.deepEqual(load.lost, []);
  return { points: points.length, killed: chosen.length, requests: load.answers.length };
}

/** What registry and reality say. */
async function seen(local: Local): Promise<unknown> {
  const { serving, pointer, operation, differences } = await local.service();
  const shares = Object.fromEntries(
    serving
      .filter(({ share }: { share: number }) => share > 0)
      .map(({ version, share }: { version: string; share: number }) => [version, share]),
  );
  return { shares, pointer, operation, differences };
}

async function survives(local: Local, scenario: Scenario, point: KillPoint, version: string): Promise<void> {
  await scenario.prepare(local, version);
  await killedAt(local, scenario.words(version), point);
  const resumed = await local.run(['resume', '-y']);
  assert.equal(resumed.code, 0, `resume after ${point.name}:${point.nth}\n${resumed.errors}`);
  const wanted = {
    shares: { [scenario.serves(version)]: 100 },
    pointer: scenario.serves(version),
    operation: null,
    differences: [],
  };
  // Killed before it was created, an operation never was: then nothing has changed, and the command is given again.
  if (!isDeepStrictEqual(await seen(local), wanted)) await local.must(0, ...scenario.words(version));
  assert.deepEqual(await seen(local), wanted, `after ${point.name}:${point.nth}`);
  await scenario.clean(local, version);
}
