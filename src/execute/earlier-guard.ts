import type { GuardPolicy, GuardState } from '../model/evidence.ts';
import type { Readable } from '../store/store.ts';
import { readJournal } from './journal.ts';

/** What the last guard of a version left, in an operation other than this one; null: there was none. */
export async function earlierGuard(
  database: Readable,
  service: string,
  version: string,
  operation: string,
): Promise<{ readonly operation: string; readonly policy: GuardPolicy; readonly state: GuardState } | null> {
  const last = await database
    .selectFrom('journal')
    .innerJoin('operations', 'operations.id', 'journal.operation')
    .select('operations.id')
    .where('operations.service', '=', service)
    .where('operations.to_version', '=', version)
    .where('operations.id', '!=', operation)
    .where('journal.kind', '=', 'guarded')
    .orderBy('journal.sequence', 'desc')
    .limit(1)
    .executeTakeFirst();
  if (!last) return null;
  const events = (await readJournal(database, last.id)).map(({ event }) => event);
  const guarded = events.findLast((event) => event.kind === 'guarded');
  if (!guarded) return null;
  const evidence = events.findLast((event) => event.kind === 'evidence');
  return { operation: last.id, policy: guarded.policy, state: evidence?.state ?? guarded.state };
}
