import type { Engine } from '../../execute/engine.ts';
import type { TaskEnd } from './task-end.ts';

/** Copies the database beside itself; the last five copies are kept. */
export async function backUp(engine: Engine): Promise<TaskEnd> {
  if (!engine.store.backup)
    return {
      kind: 'over',
      note: 'nothing was copied: PostgreSQL keeps the rows, and only its own backups (pg_dump, WAL) save them',
    };
  const file = await engine.backUp();
  return { kind: 'over', note: `backed up to ${file}` };
}
