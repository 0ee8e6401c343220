import { recover } from '../src/operate/recovery/recover.ts';
import { noFailpoints } from '../src/ports/failpoints.ts';
import { openSqlite } from '../src/store/sqlite.ts';
import { request } from '../test/fixtures/fake-engine.ts';
import { leftBehind, manyServices } from '../test/fixtures/many-services.ts';
import { passingClock } from '../test/fixtures/passing-clock.ts';
import { type Figure, figure } from './measure.ts';

const pending = 10_000;
const perSecond = 500;
const atOnce = 8;
const second = 1_000;
/** As a sofare.yaml has it that says nothing of them. */
const usual = { bake: { for: 900_000, requests: 1_000 }, keep: { knownGood: 3, warm: 3_600_000 } };

/**
 * A restart with 10,000 operations left behind. Time passes by the clock port as fast as the work is done, so that hours of calls at the
 * configured rate fit here; the calls and their times are the real ones. The rows are in memory, since no disk is measured here.
 */
export async function benchRestart(): Promise<readonly Figure[]> {
  const clock = passingClock();
  const store = await openSqlite({ file: ':memory:', readOnly: false, clock, failpoints: noFailpoints });
  try {
    const calls: number[] = [];
    const services = await manyServices(store, pending, { clock, before: () => void calls.push(clock.monotonic()) });
    await Promise.all(services.map(({ engine }, index) => leftBehind(engine, index % 10 === 0 ? 'rollback' : 'deploy')));
    const engines = new Map(
      services.map(({ engine }) => [engine.service.name, { ...engine, service: { ...engine.service, ...usual } }]),
    );
    const [first] = services;
    if (!first) throw new Error('there is no service');
    calls.length = 0;
    const began = clock.monotonic();
    const { operations } = await recover({
      store,
      clock,
      processes: first.engine.processes,
      engineOf: (service) => engines.get(service) ?? null,
      request: () => request(),
      perSecond,
      atOnce,
      offset: 0.5,
      signal: new AbortController().signal,
    });
    const done = operations.filter(({ end }) => end.kind === 'ran' && end.operation.state === 'completed').length;
    const { open } = await store.read
      .selectFrom('operations')
      .select((build) => build.fn.countAll<number>().as('open'))
      .where('state', '!=', 'completed')
      .executeTakeFirstOrThrow();
    if (done !== pending || Number(open) !== 0) throw new Error(`${pending - done} operations were lost, ${open} are open`);
    const hours = ((clock.monotonic() - began) / 3_600_000).toFixed(1);
    return [
      figure(
        `restart with ${pending.toLocaleString('en-US')} operations left: most calls in any second`,
        'per second',
        [peakOf(calls)],
        {
          goal: perSecond,
          beside: `${calls.length.toLocaleString('en-US')} calls, all ${done.toLocaleString('en-US')} completed, in ${hours} h by the clock`,
        },
      ),
    ];
  } finally {
    await store.close();
  }
}

/** The most that begin in any stretch of a second. */
function peakOf(times: readonly number[]): number {
  let most = 0;
  for (let last = 0, first = 0; last < times.length; last += 1) {
    while ((times[last] ?? 0) - (times[first] ?? 0) >= second) first += 1;
    most = Math.max(most, last - first + 1);
  }
  return most;
}
