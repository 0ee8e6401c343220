import assert from 'node:assert/strict';
import { join } from 'node:path';
import { systemClock } from '../../src/adapters/system/clock.ts';
import { readJournal } from '../../src/execute/journal.ts';
import { listOperations } from '../../src/execute/read.ts';
import { noFailpoints } from '../../src/ports/failpoints.ts';
import { registryFolder } from '../../src/registry/registry-folder.ts';
import { openSqlite } from '../../src/store/sqlite.ts';
import { configuration, Local } from '../fixtures/local.ts';
import type { Told } from './answer.ts';
import { callOf } from './deeds.ts';
import { linearization } from './linearizable.ts';
import { give, operate, versions } from './operators.ts';
import { resting, type ServiceState } from './service-state.ts';
import { type Kept, undoneUnnamed } from './undone.ts';

const service = 'fraud-scorer';

/** Lets several operators work at once on one service, and holds that what they were told is one history and nothing was undone unnamed. */
export async function assertOneHistory(seed: number, commandsEach: number): Promise<{ readonly commands: number }> {
  await using local = new Local({ yaml: configuration(1).replace('warm: 0s', 'warm: 1h') });
  await local.must(0, 'up', '--unsupervised');
  for (const version of versions) await local.must(0, 'register', version, local.model(version));
  for (const version of versions.slice(0, 2)) await local.must(0, 'deploy', version, '-y');
  const told = await operate(local, seed, commandsEach);
  const last = await give(local, 'ana', 'in the end (current)', ['current']);
  const end = await endOf(local);
  const calls = [...told, last].map(callOf);
  const all = [{ name: 'the end', began: last.ended, ended: Number.POSITIVE_INFINITY, deeds: [end] }, ...calls];
  const { whole, order } = linearization(all, resting(versions[1]));
  assert.ok(whole, `seed ${seed} has no order that explains it; the longest:\n${order.join('\n')}\n\n${shown(told)}`);
  const kept = await keptBy(local);
  assert.deepEqual(undoneUnnamed(kept, told), [], `seed ${seed}:\n${shown(told)}`);
  return { commands: told.length };
}

async function endOf(local: Local) {
  const { serving, pointer, hold, quarantined, operation } = await local.service();
  const at = serving.find(({ share }: { share: number }) => share === 100)?.version ?? null;
  const marks = quarantined.map(({ version }: { version: string }) => version).sort();
  return {
    name: `${at} serves, ${pointer} is in production`,
    happens: (state: ServiceState) =>
      state.serving === at &&
      state.pointer === pointer &&
      state.held === (hold !== null) &&
      (state.lane === null) === (operation === null) &&
      state.quarantined.join() === marks.join()
        ? state
        : null,
  };
}

async function keptBy(local: Local): Promise<readonly Kept[]> {
  const file = registryFolder(join(local.directory, '.sofare', 'registry')).database;
  const store = await openSqlite({ file, readOnly: true, clock: systemClock, failpoints: noFailpoints });
  try {
    const operations = await listOperations(store.read, service, 1000);
    return await Promise.all(
      operations.map(async (operation) => ({ operation, journal: await readJournal(store.read, operation.id) })),
    );
  } finally {
    await store.close();
  }
}

function shown(told: readonly Told[]): string {
  const first = Math.min(...told.map(({ began }) => began));
  return [...told]
    .sort((one, other) => one.began - other.began)
    .map(({ name, began, ended, exit, answer }) => `${began - first}-${ended - first} ${name}: ${exit} ${JSON.stringify(answer)}`)
    .join('\n');
}
