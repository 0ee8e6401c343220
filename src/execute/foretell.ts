import { changeRecord } from './advertise.ts';
import type { ServiceRecord } from '../model/service-record.ts';
import type { Engine } from './engine.ts';
import { soon } from './record-of.ts';

/**
 * Asks the supervisor to look in a moment. Between the commit that begins or claims an operation and the first word of it in the record
 * its process may die, and nobody who looks at the record would know of it. What the record is told next takes this back. A record that
 * cannot be reached stops the change here, where nothing of it is begun.
 */
export async function foretell(engine: Engine, signal: AbortSignal): Promise<void> {
  if (!engine.world || !engine.supervised) return;
  const look = (await engine.store.now()) + soon;
  const soonest = async (present: ServiceRecord): Promise<ServiceRecord> => {
    return { ...present, nextTaskAt: Math.min(present.nextTaskAt ?? look, look) };
  };
  await changeRecord(engine, signal, soonest, 'write');
}
