import { join } from 'node:path';
import { findConfiguration } from '../../src/configure/find.ts';
import { abort } from '../../src/operate/abort.ts';
import { deploy } from '../../src/operate/deploy.ts';
import { rollback } from '../../src/operate/rollback.ts';
import { exitOf, type Outcome } from '../../src/operate/outcome.ts';
import { noFailpoints } from '../../src/ports/failpoints.ts';
import { registryFolder } from '../../src/registry/registry-folder.ts';
import { clusters, makeEngine, openStore } from '../../src/wire.ts';
import { request, rollbackRequest } from '../../test/fixtures/fake-engine.ts';
import type { ControlPlane } from '../../test/real/kubernetes/control-plane.ts';
import { ServedService, service as name } from '../../test/real/kubernetes/served-service.ts';
import { timed } from './timed.ts';
import type { Seen, Watcher } from './watcher.ts';

/** A service in the hands of sofare: an engine in this process with its connections open, on SQLite with synchronous FULL (asserted at open). */
export async function servedBySofare(plane: ControlPlane, watcher: Watcher) {
  const service = await ServedService.begin(plane, 'istio', { warm: '24h' });
  for (const version of ['1.0.0', '1.1.0']) await service.register(version);
  const { directory } = service.local;
  const explicit = join(directory, 'sofare.yaml');
  const configuration = findConfiguration({ explicit, directory, environment: {}, user: null });
  const configured = configuration?.services[name];
  if (!configuration || !configured) throw new Error('the configuration of the bench is gone');
  const registry = registryFolder(join(configuration.state, 'registry'));
  const store = await openStore(registry, null, false, noFailpoints);
  const [reached, beside] = [clusters(), clusters()];
  const options = { service: configured, registry, store, failpoints: noFailpoints, host: null, notify: null, supervised: false };
  const engine = await makeEngine({ ...options, clusters: reached, announce: () => {} });
  /** What brings about what is measured has a budget of requests of its own: a rollback comes out of the quiet. */
  const other = await makeEngine({ ...options, clusters: beside, announce: () => {} });
  const back = ({ weights }: Seen): boolean => {
    const seen = weights(`${service.namespace}/${name}`);
    return seen['fraud-1-0-0'] === 100 && (seen['fraud-1-1-0'] ?? 0) === 0;
  };
  const canary = async (share: number): Promise<void> => {
    must(await deploy(other, { ...request(), version: '1.1.0', shares: [share], every: 0 }));
    await watcher.until((seen) => !back(seen));
  };
  const again = async (): Promise<void> => {
    await service.must(0, 'unhold', name);
    await service.must(0, 'unquarantine', `${name}@1.1.0`);
  };
  must(await deploy(other, { ...request(), version: '1.0.0', shares: [100], every: 0 }));
  return {
    /** Of a canary at 10 %: from the decision handed to the engine. */
    abort: async (): Promise<number> => {
      await canary(10);
      return timed(watcher, back, async () => must(await abort(engine, request())));
    },
    /** After promotion, the old version warm: from the decision handed to the engine. */
    rollback: async (): Promise<number> => {
      await canary(100);
      const took = await timed(watcher, back, async () => must(await rollback(engine, rollbackRequest())));
      await again();
      return took;
    },
    /** The same by a command of its own: from the start of its process. */
    command: async (): Promise<number> => {
      await canary(100);
      const took = await timed(watcher, back, () => service.local.must(0, 'rollback', name, '-y', '-q'));
      await again();
      return took;
    },
    [Symbol.asyncDispose]: async () => {
      await Promise.all([reached.close(), beside.close()]);
      await store.close();
      await service[Symbol.asyncDispose]();
    },
  };
}

/** A deploy that stays open waits for a person, which is what was asked. */
function must(outcome: Outcome): void {
  const open = outcome.kind === 'ran' && outcome.operation.state === 'open';
  if (!open && exitOf(outcome) !== 0) throw new Error(`an operation of the bench ended with ${exitOf(outcome)}`);
}
