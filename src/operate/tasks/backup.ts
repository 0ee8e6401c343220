import type { Engine } from '../../execute/engine.ts';
import type { TaskEnd } from './task-end.ts';

/**
 * Copies the database beside itself; the last five copies are kept. Whatever service wanted a backup and has none begun yet is in this
 * one, which is all that is made then. Those that are begun stay: nobody knows what they have copied already.
 */
export async function backUp(engine: Engine): Promise<TaskEnd> {
  if (!engine.store.backup)
    return {
      kind: 'over',
      note: 'nothing was copied: PostgreSQL keeps the rows, and only its own backups (pg_dump, WAL) save them',
    };
  await engine.store.transaction('backup.begin', (transaction) =>
    transaction.deleteFrom('tasks').where('kind', '=', 'backup').where('owner', 'is', null).execute(),
  );
  const file = await engine.backUp();
  return { kind: 'over', note: `backed up to ${file}` };
}
