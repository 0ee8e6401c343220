import { setImmediate, setTimeout } from 'node:timers/promises';
import { systemClock } from '../src/adapters/system/clock.ts';
import { begin } from '../src/execute/begin.ts';
import type { Engine } from '../src/execute/engine.ts';
import { commitEvents } from '../src/execute/lane.ts';
import { requireOperation } from '../src/execute/read.ts';
import type { OperationEvent } from '../src/model/operation.ts';
import { deploy } from '../src/operate/deploy.ts';
import { exitOf } from '../src/operate/outcome.ts';
import { rollback } from '../src/operate/rollback.ts';
import type { Store } from '../src/store/store.ts';
import { request, rollbackRequest } from '../test/fixtures/fake-engine.ts';
import { manyServices, wantedMove } from '../test/fixtures/many-services.ts';
import { type Figure, figure } from './measure.ts';
import { withDatabases } from './load-databases.ts';

const operations = 1_000;
const steps = 12;
const emergencies = 20;
const between = 50;
/** With these the plan has 12 steps: one to wake, one for each share, one to confirm. */
const shares = [10, 20, 30, 40, 50, 60, 70, 80, 90, 100];

/** Many operations of 12 steps asked for at once, and rollbacks in an emergency behind them, on each database there is. */
export async function benchLoad(): Promise<readonly Figure[]> {
  const figures: Figure[] = [];
  await withDatabases(async (name, open) => {
    const journal = await journalPart(await open(), operations);
    const { whole, begun, moved } = await wholeOperations(await open(), operations);
    const what = `${operations.toLocaleString('en-US')} operations of ${steps} steps at once, ${name}`;
    figures.push(
      figure(`${what}: journal`, 'ms', [journal.took], {
        goal: name === 'SQLite' ? 5_000 : null,
        beside: `${journal.rows} rows, processor ${(journal.processor / 1_000).toFixed(1)} s`,
      }),
      figure(`${what}: all of it`, 'ms', [whole.took], { beside: `processor ${(whole.processor / 1_000).toFixed(1)} s` }),
      figure(`emergency rollback behind them, ${name}: call to begun`, 'ms', begun, { goal: 250 }),
      figure(`emergency rollback behind them, ${name}: call to traffic moved`, 'ms', moved),
    );
  });
  return figures;
}

/** What the journal alone costs: every event of the operations, each step in its two transactions and read back, with nothing between. */
async function journalPart(store: Store, operations: number): Promise<{ took: number; processor: number; rows: number }> {
  const services = await manyServices(store, operations, { clock: systemClock, before: () => {} });
  const { took, processor } = await measured(() => Promise.all(services.map(({ engine }) => journalled(engine))));
  const { rows } = await store.read
    .selectFrom('journal')
    .select((build) => build.fn.countAll<number>().as('rows'))
    .executeTakeFirstOrThrow();
  await store.close();
  return { took, processor, rows: Number(rows) };
}

async function journalled(engine: Engine): Promise<void> {
  const plan = await wantedMove(engine, { kind: 'deploy', shares, every: 0 });
  if (plan.steps.length !== steps) throw new Error(`the plan has ${plan.steps.length} steps`);
  let operation = await begin(engine, {
    plan,
    actor: 'bench',
    reason: 'bench',
    trigger: { kind: 'person', command: 'bench' },
    preempts: null,
    quarantine: null,
    incident: false,
    fenceSeen: 0,
  });
  const write = (...events: readonly OperationEvent[]): Promise<number> => commitEvents(engine, 'bench', operation, events);
  for (const step of plan.steps.keys()) {
    await write({ kind: 'intended', step, attempt: 1, before: { '1.0.0': 100 }, wanted: { '2.0.0': 100 } });
    await write({ kind: 'step-done', step, result: {} });
    operation = await requireOperation(engine.store.read, operation.id);
  }
  await write({ kind: 'completed', verified: true, problem: null });
}

/** The operations as they are carried out, in worlds that answer in the next turn of the event loop. */
async function wholeOperations(store: Store, operations: number) {
  const before = (): Promise<void> => setImmediate();
  const services = await manyServices(store, operations + emergencies, { clock: systemClock, before });
  const urgent = services.slice(operations);
  for (const { engine } of urgent) await ended(deploy(engine, { ...request(), version: '2.0.0', shares: [100], every: 0 }));
  const begun: number[] = [];
  const moved: number[] = [];
  const emergency = async ({ engine, world }: (typeof urgent)[number]): Promise<void> => {
    const asked = performance.now();
    world.faults.after = (call) => {
      if (call === 'write') moved.push(performance.now() - asked);
    };
    const announce: Engine['announce'] = (_, { kind }) => {
      if (kind === 'created') begun.push(performance.now() - asked);
    };
    await ended(rollback({ ...engine, announce }, rollbackRequest({ emergency: true })));
  };
  const whole = await measured(async () => {
    const thousand = services
      .slice(0, operations)
      .map(({ engine }) => ended(deploy(engine, { ...request(), version: '2.0.0', shares, every: 0 })));
    const behind: Promise<void>[] = [];
    for (const each of urgent) {
      await setTimeout(between);
      behind.push(emergency(each));
    }
    await Promise.all([...thousand, ...behind]);
  });
  await store.close();
  return { whole, begun, moved };
}

async function ended(outcome: ReturnType<typeof deploy>): Promise<void> {
  const code = exitOf(await outcome);
  if (code !== 0) throw new Error(`an operation of the bench ended with ${code}`);
}

async function measured(work: () => Promise<unknown>): Promise<{ took: number; processor: number }> {
  const [began, used] = [performance.now(), process.cpuUsage()];
  await work();
  const { user, system } = process.cpuUsage(used);
  return { took: performance.now() - began, processor: (user + system) / 1_000 };
}
