import type { Urgency } from '../store/store.ts';
import type { Engine } from './engine.ts';

/** The same engine, whose units of work have their turn before those that are less urgent. */
export function urgent(engine: Engine, urgency: Urgency): Engine {
  const { store } = engine;
  return {
    ...engine,
    store: { ...store, transaction: (name, work, service) => store.transaction(name, work, service, urgency) },
  };
}
