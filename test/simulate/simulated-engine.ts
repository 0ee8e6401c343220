import type { Engine, Performers, World } from '../../src/execute/engine.ts';
import type { Glass } from '../../src/execute/glass.ts';
import type { Observed, StepPerformer } from '../../src/execute/performer.ts';
import { watched } from '../../src/execute/watched-ports.ts';
import type { Service } from '../../src/model/service.ts';
import type { Artifacts } from '../../src/ports/artifacts.ts';
import type { Probe, ProbeAnswer } from '../../src/ports/probe.ts';
import type { Store } from '../../src/store/store.ts';
import { registryFolder } from '../../src/registry/registry-folder.ts';
import { performers } from '../../src/wire.ts';
import type { Scheduler } from './scheduler.ts';
import { clockOf } from './simulated-clock.ts';
import { storeOf } from './simulated-database.ts';
import { type SimulatedHost, trafficAddress } from './simulated-host.ts';
import type { SimulatedProcess } from './simulated-process.ts';

const letters = 'abcdefghijkmnpqrstuvwxyz23456789';

export interface EngineSurroundings {
  readonly host: SimulatedHost;
  readonly scheduler: Scheduler;
  readonly supervised: boolean;
  /** Whether the traffic path tells that it refuses old fences. It does either way. */
  readonly fenced: boolean;
  readonly life: (owner: string) => 'alive' | 'gone' | 'elsewhere';
  readonly glass: Glass;
  /** Instead of the machine's database. */
  readonly store?: Store;
}

/** The engine as wire.ts makes it, on ports that are simulated. */
export function engineOf(process: SimulatedProcess, service: Service, around: EngineSurroundings): Engine {
  const { chance } = process.around;
  const failpoints = { hit: (name: string) => process.hit(name) };
  const probe = watched('probe', probeOf(process, around), failpoints);
  return {
    service,
    registry: registryFolder('/simulated'),
    store: around.store ?? storeOf(process, process.machine.database, around.scheduler),
    clock: clockOf(process, process.machine.clock, around.scheduler),
    random: { word: (length) => Array.from({ length }, () => chance.of([...letters])).join('') },
    processes: { self: () => process.name, life: around.life },
    failpoints,
    artifacts: artifactsOf(process),
    backUp: () => process.write('backup', () => '/simulated/backup', undefined),
    probe,
    notifier: { announce: (_message, signal) => process.write('notifier.announce', () => {}, signal) },
    world: service.serving ? worldOf(process, around) : null,
    performers: inView(process),
    supervised: around.supervised,
    announce: () => {},
    glass: around.glass,
  };
}

function worldOf(process: SimulatedProcess, { host, fenced }: EngineSurroundings): World {
  const { chance } = process.around;
  const failpoints = { hit: (name: string) => process.hit(name) };
  const lag = (): number => (process.strikes('lag', 'world', 0.2) ? chance.between(50, 3_000) : 0);
  const reach = <Result>(look: () => Result): (() => Result) => {
    return () => {
      if (!host.up) process.unreachable('host');
      return look();
    };
  };
  return {
    target: {
      can: { fence: true, surge: true, sideBySide: true, twice: true, ownsTraffic: false, files: true },
      observe: (signal) =>
        process.read(
          'target.observe',
          reach(() => host.observed(lag()).target),
          signal,
        ),
      changes: (atMost, signal) =>
        process.read(
          'target.changes',
          reach(() => {}),
          signal,
          Math.min(atMost, chance.between(20, 600)),
        ),
      apply: ({ version: { bundleDigest }, name, copies }, key, fence, signal) => {
        return process.write(
          'target.apply',
          reach(() => host.apply({ version: name, bundleDigest, copies }, key, fence)),
          signal,
        );
      },
      retire: (version, key, fence, signal) =>
        process.write(
          'target.retire',
          reach(() => host.retire(version, key, fence, process.machine.database.name)),
          signal,
        ),
    },
    traffic: {
      can: { fence: fenced, alone: true, weights: true, counts: true },
      read: (signal) =>
        process.read(
          'traffic.read',
          reach(() => host.observed(lag()).traffic),
          signal,
        ),
      write: (weights, key, fence, signal) =>
        process.write(
          'traffic.write',
          reach(() => host.write(weights, key, fence)),
          signal,
        ),
    },
    record: watched(
      'record',
      {
        read: (signal: AbortSignal) =>
          process.read(
            'record.read',
            reach(() => host.record),
            signal,
          ),
        swap: (expected: number, value: Parameters<World['record']['swap']>[1], signal: AbortSignal) =>
          process.write(
            'record.swap',
            reach(() => host.swap(expected, value)),
            signal,
          ),
      },
      failpoints,
    ),
    signal: watched(
      'signal',
      {
        query: (signal: AbortSignal) =>
          process.read(
            'signal.query',
            reach(() => host.counters()),
            signal,
          ),
        online: (signal: AbortSignal) => process.read('signal.online', () => host.up, signal),
      },
      failpoints,
    ),
  };
}

function probeOf(process: SimulatedProcess, { host }: EngineSurroundings): Probe {
  const { chance } = process.around;
  const answer = (url: string): ProbeAnswer => {
    const served = chance.weighted(Object.entries(host.weights).length > 0 ? Object.entries(host.weights) : [['nothing', 1]]);
    if (!host.up || !url.startsWith(trafficAddress) || host.readyCopies(served) === 0)
      return { answered: false, why: 'connection refused' };
    return { answered: true, status: 200, body: JSON.stringify({ version: served }), took: 1 };
  };
  return {
    get: (url, _within, signal) =>
      process.strikes('refused', 'probe', 0.1)
        ? process.read('probe', () => ({ answered: false, why: 'simulated' }), signal)
        : process
            .read('probe.get', () => answer(url), signal, 1)
            .catch((error: unknown) => {
              if (signal.aborted) throw error;
              return { answered: false, why: 'simulated' } as const;
            }),
  };
}

function artifactsOf(process: SimulatedProcess): Artifacts {
  return {
    put: async () => [],
    open: (_bundle, digest) => process.read('artifacts.open', () => `/simulated/${digest}`, undefined),
    verify: async () => [],
    remove: async () => [],
  };
}

/** Steps as they are, with a note on the process of which one is under way. */
function inView(process: SimulatedProcess): Performers {
  const seen = <Kind extends StepPerformer>(kind: string, performer: Kind): Kind => {
    const noting =
      <Given extends readonly unknown[], Result>(work: (...given: Given) => Result): ((...given: Given) => Result) =>
      (...given) => {
        process.step = kind;
        return work(...given);
      };
    switch (performer.does) {
      case 'effect':
        return {
          ...performer,
          observe: noting((...given: Parameters<typeof performer.observe>): Promise<Observed> => performer.observe(...given)),
        };
      case 'watch':
        return { ...performer, watch: noting((...given: Parameters<typeof performer.watch>) => performer.watch(...given)) };
      case 'record':
        return { ...performer, finish: noting((...given: Parameters<typeof performer.finish>) => performer.finish(...given)) };
    }
  };
  return Object.fromEntries(
    Object.entries(performers).map(([kind, performer]) => [kind, seen(kind, performer as StepPerformer)]),
  ) as unknown as Performers;
}
