import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import { systemClock } from '../../src/adapters/system/clock.ts';
import { fail } from '../../src/model/errors.ts';
import { doDueTasks } from '../../src/operate/due.ts';
import { resume } from '../../src/operate/resume.ts';
import { noFailpoints } from '../../src/ports/failpoints.ts';
import type { Engine } from '../../src/execute/engine.ts';
import { openSqlite } from '../../src/store/sqlite.ts';
import { request } from '../fixtures/fake-engine.ts';
import { leftBehind, manyServices } from '../fixtures/many-services.ts';

async function scene(t: TestContext, count: number) {
  const store = await openSqlite({ file: ':memory:', readOnly: false, clock: systemClock, failpoints: noFailpoints });
  t.after(() => store.close());
  const services = await manyServices(store, count, { clock: systemClock, before: () => {} });
  const engines = services.map(({ engine }) => engine);
  const deploy = async (engine: Engine): Promise<void> => {
    const { id } = await leftBehind(engine, 'deploy');
    await resume(engine, { ...request(), operation: id, abandon: false });
  };
  /** Whose backups are not begun yet. */
  const waiting = async (): Promise<readonly string[]> => {
    const rows = await store.read
      .selectFrom('tasks')
      .select('service')
      .where('kind', '=', 'backup')
      .where('owner', 'is', null)
      .execute();
    return rows.map(({ service }) => service).sort();
  };
  return { engines, deploy, waiting };
}

const kindsOf = async (engine: Engine): Promise<readonly string[]> =>
  (await doDueTasks(engine, request())).map(({ task }) => task.task.kind).sort();

test('of the backups of many operations that wait, the first that begins stands for all', async (t) => {
  const { engines, deploy, waiting } = await scene(t, 3);
  for (const engine of engines) await deploy(engine);
  assert.equal((await waiting()).length, 3);
  const done = [];
  for (const engine of engines) done.push(...(await kindsOf(engine)));
  assert.deepEqual(done.sort(), ['backup', 'bake', 'bake', 'bake', 'retire', 'retire', 'retire']);
  assert.deepEqual(await waiting(), []);
});

test('what ends while a backup is being made is not in it, and keeps its own', async (t) => {
  const { engines, deploy, waiting } = await scene(t, 2);
  const [first, second] = engines as [Engine, Engine];
  await deploy(first);
  const meanwhile: Engine = {
    ...first,
    backUp: async () => {
      await deploy(second);
      return 'nowhere';
    },
  };
  await doDueTasks(meanwhile, request());
  assert.deepEqual(await waiting(), [second.service.name]);
});

test('a backup that failed is tried again, and stands for all that it was to hold', async (t) => {
  const { engines, deploy, waiting } = await scene(t, 2);
  const [first, second] = engines as [Engine, Engine];
  for (const engine of engines) await deploy(engine);
  const full: Engine = {
    ...first,
    backUp: () => fail({ code: 'disk.failed', what: 'no space left', why: 'test', touched: 'no', next: 'make space' }),
  };
  await doDueTasks(full, request());
  assert.deepEqual(await waiting(), [first.service.name]);
  assert.deepEqual(await kindsOf(second), ['bake', 'retire']);
});

test('where a server keeps the rows, whose backups are its own, none is asked for', async (t) => {
  const { engines, deploy, waiting } = await scene(t, 1);
  const [engine] = engines as [Engine];
  await deploy({ ...engine, store: { ...engine.store, backup: null } });
  assert.deepEqual(await waiting(), []);
  assert.deepEqual(await kindsOf(engine), ['bake', 'retire']);
});
