import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemClock } from '../src/adapters/system/clock.ts';
import { noFailpoints } from '../src/ports/failpoints.ts';
import { emptyBundle } from '../src/registry/bundle.ts';
import { movePointer } from '../src/registry/pointer.ts';
import { registerVersion } from '../src/registry/register.ts';
import { ensureService, readService } from '../src/registry/services.ts';
import { findVersion } from '../src/registry/versions.ts';
import { openSqlite } from '../src/store/sqlite.ts';
import type { Store } from '../src/store/store.ts';
import { type Figure, figure } from './measure.ts';

const writes = 300;
const reads = 4_000;

/** Register, set production and get production, with 1,000 and with 10,000 versions there. */
export async function benchRegistry(): Promise<readonly Figure[]> {
  const folder = mkdtempSync(join(tmpdir(), 'sofare-bench-'));
  const store = await openSqlite({
    file: join(folder, 'sofare.db'),
    readOnly: false,
    clock: systemClock,
    failpoints: noFailpoints,
  });
  try {
    await store.transaction('service', (transaction) => ensureService(transaction, 'fraud', 'fraud').then(() => {}));
    const figures: Figure[] = [];
    let present = 0;
    for (const size of [1_000, 10_000]) {
      await store.transaction('fill', async (transaction, at) => {
        for (; present < size; present += 1) await registerVersion(transaction, registration(present), at);
      });
      figures.push(...(await measured(store, present, size)));
      present += writes;
    }
    return figures;
  } finally {
    await store.close();
    rmSync(folder, { recursive: true });
  }
}

async function measured(store: Store, present: number, size: number): Promise<readonly Figure[]> {
  const register: number[] = [];
  const point: number[] = [];
  const read: number[] = [];
  for (let index = 0; index < writes; index += 1) {
    register.push(
      await timed(() =>
        store.transaction('register', (transaction, at) => registerVersion(transaction, registration(present + index), at)),
      ),
    );
    const version = `1.0.${present + index}`;
    point.push(
      await timed(() =>
        store.transaction('point', (transaction, at) =>
          movePointer(transaction, {
            service: 'fraud',
            version,
            at,
            operation: null,
            actor: 'bench',
            reason: 'bench',
            source: 'witnessed',
          }),
        ),
      ),
    );
  }
  for (let index = 0; index < reads; index += 1) {
    read.push(
      1_000 *
        (await timed(async () => findVersion(store.read, 'fraud', (await readService(store.read, 'fraud'))?.pointer ?? ''))),
    );
  }
  const with_ = `with ${size.toLocaleString('en-US')} versions`;
  return [
    figure(`register, ${with_}`, 'ms', register, { goal: 2 }),
    figure(`set production, ${with_}`, 'ms', point, { goal: 2 }),
    figure(`get production, ${with_}`, 'µs', read.slice(reads / 4), { goal: 50 }),
  ];
}

function registration(number: number) {
  return {
    model: 'fraud',
    version: `1.0.${number}`,
    draft: false,
    bundle: { ...emptyBundle, configuration: { number: String(number) } },
    actor: 'bench',
    reason: 'bench',
  };
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const began = performance.now();
  await work();
  return performance.now() - began;
}
