import type { Store, Urgency } from '../store/store.ts';
import type { Engine } from './engine.ts';

/** The same engine, whose reads and units of work have their turn before those that are less urgent. */
export function urgent(engine: Engine, urgency: Urgency): Engine {
  const { store } = engine;
  const transaction: Store['transaction'] = (name, work, service, asked = urgency) =>
    store.transaction(name, work, service, asked);
  return { ...engine, store: { ...store, read: store.readFor(urgency), transaction } };
}
