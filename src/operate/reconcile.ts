import { catchUp } from '../execute/catch-up.ts';
import { advertiseRest } from '../execute/advertise-rest.ts';
import type { Engine } from '../execute/engine.ts';
import { isFenced } from '../execute/lane.ts';
import { readOperation } from '../execute/read.ts';
import { isLater } from '../execute/standing.ts';
import { hasEnded } from '../model/operation.ts';
import type { RecordedOperation } from '../model/service-record.ts';
import { readSituation, type Situation } from './situation.ts';
import { takeInJournal } from './take-in-journal.ts';

/**
 * Takes into our database what the record beside the target tells of others, before anything is decided from it. Returns the revision of
 * the record that it has caught up with; null where there is none.
 */
export async function reconcile(engine: Engine, signal: AbortSignal): Promise<number | null> {
  if (!engine.world) return null;
  const { revision, value: record } = await engine.world.record.read(signal);
  if (!record) return null;
  await takeInJournal(engine, record, signal);
  await catchUp(engine, record);
  if (record.operation && !hasEnded(record.operation.state)) await tellRest(engine, record.operation, signal);
  return revision;
}

/** Whoever ended an operation may have died before the record heard of it: other databases would wait for it for ever. */
async function tellRest(engine: Engine, told: RecordedOperation, signal: AbortSignal): Promise<void> {
  const own = await readOperation(engine.store.read, told.id);
  if (!own || own.state === 'running' || own.state === told.state || own.fence !== told.fence || isLater(told, own)) return;
  try {
    await advertiseRest(engine, own, signal);
  } catch (error) {
    // Somebody has taken the service since.
    if (!isFenced(error)) throw error;
  }
}

/** What a change is decided from: the world, and a database that knows what was done in it up to this very look. */
export async function readyToChange(engine: Engine, signal: AbortSignal): Promise<Situation> {
  const known = await reconcile(engine, signal);
  for (;;) {
    const situation = await readSituation(engine, signal);
    const { revision, value } = situation.observation.record ?? { revision: known, value: null };
    // A claim made over one that we have not heard of would undo what that did.
    if (!value || revision === known || !(await catchUp(engine, value))) return situation;
  }
}
