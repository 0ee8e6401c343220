import { catchUp } from '../execute/catch-up.ts';
import type { Engine } from '../execute/engine.ts';
import { readSituation, type Situation } from './situation.ts';
import { takeInJournal } from './take-in-journal.ts';

/** Takes into our database what the record beside the target tells of others, before anything is decided from it. */
export async function reconcile(engine: Engine, signal: AbortSignal): Promise<void> {
  if (!engine.world) return;
  const { value: record } = await engine.world.record.read(signal);
  if (!record) return;
  await takeInJournal(engine, record, signal);
  await catchUp(engine, record);
}

/** What a change is decided from: the world, and a database that knows what was done in it meanwhile. */
export async function readyToChange(engine: Engine, signal: AbortSignal): Promise<Situation> {
  await reconcile(engine, signal);
  return readSituation(engine, signal);
}
