import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import type { Engine } from '../src/execute/engine.ts';
import { registerVersion } from '../src/registry/register.ts';
import { emptyBundle } from '../src/registry/bundle.ts';
import { movePointer } from '../src/registry/pointer.ts';
import { ensureService } from '../src/registry/services.ts';
import { changeShares } from '../src/registry/shares.ts';
import type { Store } from '../src/store/store.ts';
import { fakeEngine, fakeService } from '../test/fixtures/fake-engine.ts';
import { type FakeWorld, fakeWorld } from '../test/fixtures/fake-world.ts';

export interface LoadedService {
  readonly engine: Engine;
  readonly world: FakeWorld;
}

/** Services of one registry, each with 1.0.0 in production in a world of its own that answers in the next turn of the event loop. */
export async function servicesThatServe(store: Store, count: number): Promise<readonly LoadedService[]> {
  const { engine: pattern } = await fakeEngine();
  await pattern.store.close();
  await store.transaction('register', async (transaction, at) => {
    for (const version of ['1.0.0', '2.0.0']) {
      const bundle = { ...emptyBundle, configuration: { version } };
      await registerVersion(transaction, { model: 'fraud', version, draft: false, bundle, actor: 'bench', reason: 'bench' }, at);
    }
    for (let index = 0; index < count; index += 1) {
      const service = nameOf(index);
      const told = { service, at, operation: 'bench', actor: 'bench', reason: 'bench' };
      await ensureService(transaction, service, 'fraud');
      await changeShares(transaction, { ...told, weights: { '1.0.0': 100 }, requests: {} });
      await movePointer(transaction, { ...told, version: '1.0.0', source: 'witnessed' });
    }
  });
  return Array.from({ length: count }, (_, index) => serving(pattern, store, nameOf(index)));
}

function serving(pattern: Engine, store: Store, name: string): LoadedService {
  const world = fakeWorld();
  world.faults.before = () => setImmediate();
  world.versions.set('1.0.0', running('1.0.0'));
  world.weights = { '1.0.0': 100 };
  const engine: Engine = {
    ...pattern,
    store,
    world,
    service: { ...fakeService, name },
    announce: () => {},
    probe: {
      get: async () => {
        await setImmediate();
        const version = Object.entries(world.weights).find(([, share]) => share === 100)?.[0];
        return { answered: true, status: 200, took: 1, body: JSON.stringify({ versions: [version] }) };
      },
    },
  };
  return { engine, world };
}

function running(version: string) {
  const copies = [0, 1].map((copy) => ({
    id: `${version}.${copy}`,
    ready: true,
    address: `http://${version}`,
    identity: version,
    restarts: 0,
  }));
  return { version, bundleDigest: '', wanted: 2, failed: null, copies };
}

function nameOf(index: number): string {
  return `service-${String(index).padStart(5, '0')}`;
}

export function benchFolder(): { readonly folder: string } & Disposable {
  const folder = mkdtempSync(join(tmpdir(), 'sofare-bench-'));
  return { folder, [Symbol.dispose]: () => rmSync(folder, { recursive: true, force: true }) };
}
