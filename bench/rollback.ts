import { hostClient } from '../src/adapters/kit/host-client.ts';
import { findConfiguration } from '../src/configure/find.ts';
import type { Engine } from '../src/execute/engine.ts';
import { exitOf } from '../src/operate/outcome.ts';
import { rollback } from '../src/operate/rollback.ts';
import { noFailpoints } from '../src/ports/failpoints.ts';
import { registryFolder } from '../src/registry/registry-folder.ts';
import { makeEngine, openStore } from '../src/wire.ts';
import { Local } from '../test/fixtures/local.ts';
import { rollbackRequest } from '../test/fixtures/fake-engine.ts';
import { join } from 'node:path';
import { type Figure, figure } from './measure.ts';

const rounds = 50;

/** From the call in a running process, the target version running already, until no new request can reach the old one; and until verified. */
export async function benchRollback(): Promise<readonly Figure[]> {
  await using local = new Local({ copies: 1 });
  await local.must(0, 'up', '--unsupervised');
  for (const version of ['1.0.0', '1.1.0']) {
    await local.must(0, 'register', version, local.model(version));
    await local.must(0, 'deploy', version, '-y');
  }
  const configuration = findConfiguration({
    explicit: join(local.directory, 'sofare.yaml'),
    directory: local.directory,
    environment: {},
    user: null,
  });
  const service = configuration?.services['fraud-scorer'];
  if (!configuration || !service) throw new Error('the configuration of the bench is gone');
  const registry = registryFolder(join(configuration.state, 'registry'));
  const store = await openStore(registry, null, false, noFailpoints);
  const client = hostClient(join(configuration.state, 'host'));
  const engine = await makeEngine({
    service,
    registry,
    store,
    failpoints: noFailpoints,
    host: client,
    clusters: null,
    supervised: false,
    notify: null,
    announce: () => {},
  });
  const moved: number[] = [];
  const verified: number[] = [];
  try {
    for (let round = 0; round < rounds; round += 1) {
      const { watched, writtenAt } = noting(engine);
      const began = performance.now();
      const outcome = await rollback(watched, rollbackRequest());
      if (exitOf(outcome) !== 0) throw new Error(`the rollback of the bench ended with ${exitOf(outcome)}`);
      verified.push(performance.now() - began);
      moved.push(writtenAt() - began);
      await local.must(0, 'unhold');
      await local.must(0, 'unquarantine', '1.1.0');
      await local.must(0, 'deploy', '1.1.0', '-y');
    }
  } finally {
    client.close();
    await store.close();
  }
  return [
    figure('rollback: call to traffic moved, target warm', 'ms', moved, {
      goal: 20,
      beside: 'synchronous FULL asserted at open',
    }),
    figure('rollback: call to verified', 'ms', verified),
  ];
}

/** The same engine, which notes when the traffic path had answered. */
function noting(engine: Engine): { readonly watched: Engine; readonly writtenAt: () => number } {
  let at = Number.NaN;
  const world = engine.world;
  if (!world) throw new Error('nothing is served');
  const traffic: typeof world.traffic = {
    ...world.traffic,
    write: async (...given) => {
      await world.traffic.write(...given);
      at = performance.now();
    },
  };
  return { watched: { ...engine, world: { ...world, traffic } }, writtenAt: () => at };
}
