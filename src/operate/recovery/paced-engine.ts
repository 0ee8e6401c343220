import type { Engine, World } from '../../execute/engine.ts';
import type { Probe } from '../../ports/probe.ts';
import type { Slots } from '../../store/slots.ts';
import type { Urgency } from '../../store/store.ts';
import { urgent } from '../../execute/urgent.ts';
import type { Pace } from './pace.ts';

/** What all that is carried on at once shares. */
export interface Means {
  readonly pace: Pace;
  readonly slots: Slots;
  /** For those that only watch a version for a while: they hold up nobody, but each of them keeps calling. */
  readonly watching: Slots;
}

/** The same engine, which calls what serves no faster than the pace, and lends its slot while it only watches. */
export function pacedEngine(engine: Engine, { pace, slots, watching }: Means, urgency: Urgency, signal: AbortSignal): Engine {
  const at = <Given extends readonly unknown[], Result>(work: (...given: Given) => Promise<Result>) => {
    return (...given: Given): Promise<Result> => pace.call(urgency, signal, () => work(...given));
  };
  const { bake } = engine.performers;
  return {
    ...urgent(engine, urgency),
    world: engine.world && pacedWorld(engine.world, at),
    probe: { get: at(engine.probe.get.bind(engine.probe)) } satisfies Probe,
    performers: {
      ...engine.performers,
      bake:
        bake.does === 'watch'
          ? { ...bake, watch: (step, context) => slots.lend(() => watching.use(urgency, () => bake.watch(step, context))) }
          : bake,
    },
  };
}

type At = <Given extends readonly unknown[], Result>(
  work: (...given: Given) => Promise<Result>,
) => (...given: Given) => Promise<Result>;

function pacedWorld({ target, traffic, record, signal, judged }: World, at: At): World {
  return {
    // What is asked beside what serves, and keeps to a pace of its own.
    ...(judged ? { judged } : {}),
    target: {
      can: target.can,
      observe: at(target.observe.bind(target)),
      changes: at(target.changes.bind(target)),
      apply: at(target.apply.bind(target)),
      retire: at(target.retire.bind(target)),
    },
    traffic: { can: traffic.can, read: at(traffic.read.bind(traffic)), write: at(traffic.write.bind(traffic)) },
    record: { read: at(record.read.bind(record)), swap: at(record.swap.bind(record)) },
    signal: { query: at(signal.query.bind(signal)), online: at(signal.online.bind(signal)) },
  };
}
