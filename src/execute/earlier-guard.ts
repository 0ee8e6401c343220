import type { GuardPolicy, GuardState } from '../model/evidence.ts';
import type { OperationEvent } from '../model/operation.ts';
import type { Readable } from '../store/store.ts';
import { readJournal } from './journal.ts';

/** A guard of an earlier operation. */
interface Earlier {
  readonly operation: string;
  readonly policy: GuardPolicy;
  readonly state: GuardState;
}

/**
 * What the last guard of a version left, in an operation other than this one; null: there was none. `metric`: of a policy's metric that
 * judges by evidence, by place and name; null: of the guard that is no policy's.
 */
export async function earlierGuard(
  database: Readable,
  service: string,
  version: string,
  operation: string,
  metric: string | null = null,
): Promise<Earlier | null> {
  const last = await database
    .selectFrom('journal')
    .innerJoin('operations', 'operations.id', 'journal.operation')
    .select('operations.id')
    .where('operations.service', '=', service)
    .where('operations.to_version', '=', version)
    .where('operations.id', '!=', operation)
    .where('journal.kind', '=', metric === null ? 'guarded' : 'measured')
    .orderBy('journal.sequence', 'desc')
    .limit(1)
    .executeTakeFirst();
  if (!last) return null;
  const events = (await readJournal(database, last.id)).map(({ event }) => event);
  const found = metric === null ? ofGuard(events) : ofMetric(events, metric);
  return found && { operation: last.id, ...found };
}

function ofGuard(events: readonly OperationEvent[]): Pick<Earlier, 'policy' | 'state'> | null {
  const guarded = events.findLast((event) => event.kind === 'guarded');
  const evidence = events.findLast((event) => event.kind === 'evidence');
  return guarded ? { policy: guarded.policy, state: evidence?.state ?? guarded.state } : null;
}

function ofMetric(events: readonly OperationEvent[], metric: string): Pick<Earlier, 'policy' | 'state'> | null {
  const measured = events.findLast((event) => event.kind === 'measured');
  const guarded = measured?.canary.guards?.[metric];
  return guarded ? { policy: guarded.policy, state: guarded.state } : null;
}
