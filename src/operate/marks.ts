import { advertiseMarks } from '../execute/advertise.ts';
import type { Engine } from '../execute/engine.ts';
import type { Work } from '../store/store.ts';
import { reconcile } from './reconcile.ts';

/** Sets or lifts a hold or quarantine, and tells the record, so that another database that works on the same target keeps to it. */
export async function changeMarks<Result>(
  engine: Engine,
  name: string,
  signal: AbortSignal,
  work: Work<Result>,
): Promise<Result> {
  await reconcile(engine, signal);
  const result = await engine.store.transaction(name, work, engine.service.name);
  await advertiseMarks(engine, signal);
  return result;
}
